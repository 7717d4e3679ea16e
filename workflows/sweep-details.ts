import { setCurrentDetails } from '@temporalio/workflow';

import { shown, unitInWords } from '../contracts/shown.js';
import type { StepDeclaration } from '../contracts/step-declaration.js';
import type { SweepState, UnitStatus } from '../domain/plan/sweep-state.js';
import type { UnitCoordinates } from '../domain/plan/units.js';

/** Counting thousands of units after each of them would take the worker's time. */
const mostCountsOfSweep = 100;

/**
 * Shows on Temporal's page how many units of each step are done, whenever a hundredth of them has changed. A worker answers
 * with it when the page asks, so the history does not grow.
 */
export function sweepDetails(state: SweepState, steps: readonly StepDeclaration[]): (changes: number) => void {
  let counted = { units: 0, changes: -Infinity };
  return (changes) => {
    if (changes - counted.changes < counted.units / mostCountsOfSweep) return;
    const units = state.all();
    counted = { units: units.length, changes };
    const counts = new Map(steps.map(({ name }) => [name, new Map<UnitStatus, number>()]));
    for (const { unit, status } of units) {
      const ofStep = counts.get(unit.step);
      ofStep?.set(status, (ofStep.get(status) ?? 0) + 1);
    }
    const lines = [...counts].flatMap(([step, ofStep]) => (ofStep.size === 0 ? [] : [lineOf(step, ofStep)]));
    setCurrentDetails(shown(lines.join('\n')));
  };
}

/** Such as `- train 12/120 · 3 running · 1 failed`. */
function lineOf(step: string, counts: ReadonlyMap<UnitStatus, number>): string {
  const of = (status: UnitStatus): number => counts.get(status) ?? 0;
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const others = (['running', 'held', 'failed', 'blocked'] as const).filter((status) => of(status) > 0);
  const parts = [`${step} ${of('cached') + of('done')}/${total}`, ...others.map((status) => `${of(status)} ${status}`)];
  return `- ${parts.join(' · ')}`;
}

/** A unit in words; its data set by its place in the config, if there are several: Temporal's page shows no names of them. */
export function unitInSweep(step: string, coordinates: UnitCoordinates, dataSets: readonly string[]): string {
  const { dataSet } = coordinates;
  if (dataSet === undefined || dataSets.length === 1) return unitInWords(step, coordinates);
  return unitInWords(step, coordinates, `data set ${dataSets.indexOf(dataSet) + 1} of ${dataSets.length}`);
}
