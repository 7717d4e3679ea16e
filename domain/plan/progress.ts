import type { StepDeclaration } from '../../contracts/pipeline.js';
import type { SweepProgress, UnitFailure } from '../../contracts/sweep.js';
import type { SweepState, UnitStatus } from './sweep-state.js';

/** How far a sweep has come, step by step in the pipeline's order. */
export function progressOf(
  pipeline: readonly StepDeclaration[],
  state: SweepState,
  failures: readonly UnitFailure[],
): SweepProgress {
  const units = state.all();
  const steps = pipeline.map(({ name }) => {
    const statuses = units.filter(({ unit }) => unit.step === name).map(({ status }) => status);
    const count = (wanted: UnitStatus): number => statuses.filter((status) => status === wanted).length;
    return {
      step: name,
      total: statuses.length,
      cached: count('cached'),
      done: count('done'),
      running: count('running'),
      failed: count('failed'),
    };
  });
  return { steps, failures: [...failures], blocked: units.filter(({ status }) => status === 'blocked').length };
}
