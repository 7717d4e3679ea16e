import type { StepDeclaration } from '../../contracts/step-declaration.js';
import type { SweepProgress, UnitFailure } from '../../contracts/sweep.js';
import type { SweepState, UnitStatus } from './sweep-state.js';

/** Progress of a sweep per step, in pipeline order. */
export function progressOf(
  steps: readonly StepDeclaration[],
  state: SweepState,
  { failures, repaired }: { readonly failures: readonly UnitFailure[]; readonly repaired: readonly string[] },
): SweepProgress {
  const units = state.all();
  const ofSteps = steps.map(({ name, queue }) => {
    const statuses = units.filter(({ unit }) => unit.step === name).map(({ status }) => status);
    const count = (wanted: UnitStatus): number => statuses.filter((status) => status === wanted).length;
    return {
      step: name,
      queue,
      total: statuses.length,
      cached: count('cached'),
      done: count('done'),
      running: count('running'),
      failed: count('failed'),
    };
  });
  const blocked = units.filter(({ status }) => status === 'blocked').length;
  return { steps: ofSteps, failures: [...failures], blocked, repaired: [...repaired] };
}
