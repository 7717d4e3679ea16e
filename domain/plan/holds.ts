import { selects, type UnitSelection } from './unit-selection.js';
import type { PlannedUnit } from './units.js';

/** Which units are held, or not: of all rules that concern a unit, the last one counts. */
export interface HoldRule {
  readonly selection: UnitSelection;
  readonly held: boolean;
}

/** Units that no rule concerns are not held. */
export function isHeldBy(rules: readonly HoldRule[], unit: Pick<PlannedUnit, 'step' | 'coordinates'>): boolean {
  return rules.findLast(({ selection }) => selects(selection, unit))?.held ?? false;
}

/** The rules with one more for each selection. Later rules replace earlier ones for the same units. */
export function withRules(
  rules: readonly HoldRule[],
  selections: readonly UnitSelection[],
  held: boolean,
): readonly HoldRule[] {
  let all = rules;
  for (const selection of selections) {
    const own = JSON.stringify(selection);
    const isAll = own === '{}';
    const others = all.filter((rule) => !isAll && JSON.stringify(rule.selection) !== own);
    all = isAll && !held ? [] : [...others, { selection, held }];
  }
  // Without one that holds, none lets go.
  return all.some((rule) => rule.held) ? all : [];
}
