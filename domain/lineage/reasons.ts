import { stepOfUnit } from '../plan/units.js';
import { counted } from '../report/words/format-number.js';
import { lost, missingInputs, type Difference } from './differences.js';
import type { Cause, Explanation } from './explanation.js';

export interface CauseCount {
  readonly because: string;
  readonly units: number;
  readonly steps: Readonly<Record<string, number>>;
}

/** How many of the units that a run would compute, because of which changes: the most frequent first. */
export function countCauses(explanations: readonly Explanation[]): CauseCount[] {
  const groups = new Map<string, Explanation[]>();
  for (const one of explanations.filter(({ verdict }) => verdict !== 'cached')) {
    const because = reasonOf(one);
    groups.set(because, [...(groups.get(because) ?? []), one]);
  }
  const counts = [...groups].map(([because, units]) => {
    const steps: Record<string, number> = {};
    for (const { unit } of units) {
      const step = stepOfUnit(unit);
      steps[step] = (steps[step] ?? 0) + 1;
    }
    return { because, units: units.length, steps };
  });
  return counts.sort((a, b) => b.units - a.units || (a.because < b.because ? -1 : 1));
}

/** Reasons given in a line of `plan`; of more, their number. */
const mostReasons = 3;

/** The reasons as one line has room for them. */
export function shortReason(because: string): string {
  const all = because.split('; ');
  return all.length <= mostReasons
    ? because
    : `${all.slice(0, mostReasons).join('; ')}; and ${counted(all.length - mostReasons, 'more change')} (--why)`;
}

/** The reason for one unit, in words that equal those of other units with the same reason. */
export function reasonOf({ verdict, causes }: Explanation): string {
  if (verdict === 'new') return 'never computed before';
  if (verdict === 'resumable') return 'interrupted: a checkpoint is there';
  if (verdict === 'lost' || verdict === 'waiting') return 'results are missing from the store';
  const real = causes.filter(({ differences }) => !differences.includes(lost));
  return [...new Set(real.flatMap(wordsOfCause))].sort().join('; ');
}

/** A cause in words, which name its step, and of data its data set. */
export function wordsOfCause({ unit, differences, data }: Cause): string[] {
  if (data !== undefined) {
    const parts = (['added', 'removed', 'changed'] as const)
      .filter((kind) => data[kind].length > 0)
      .map((kind) => `${counted(data[kind].length, 'case')} ${kind}`);
    // Warnings and participants may differ alone.
    return [`${unit}: ${parts.length === 0 ? 'other facts about the cases' : parts.join(', ')}`];
  }
  const step = stepOfUnit(unit);
  return differences.map((one) => `${step}: ${wordsOfDifference(one)}`);
}

export function wordsOfDifference({ component, before, now }: Difference): string {
  if (component === 'new' || component === 'no longer needed') return component;
  if (component === missingInputs) return `${component} ${countText(before)} → ${countText(now)}`;
  return `${component} ${valueText(before)} → ${valueText(now)}`;
}

const countText = (units: unknown): string => String(Array.isArray(units) ? units.length : 0);

function valueText(value: unknown): string {
  if (value === undefined) return 'not set';
  if (value === null) return 'yet to be computed';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
