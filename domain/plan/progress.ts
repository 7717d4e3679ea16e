import type { StepDeclaration } from '../../contracts/step-declaration.js';
import type { ArtifactRef } from '../../contracts/artifacts.js';
import type { SweepOutcome, SweepProgress } from '../../contracts/sweep.js';
import type { SweepState, UnitStatus } from './sweep-state.js';

/** Progress of a sweep per step, in pipeline order. */
export function progressOf(
  steps: readonly StepDeclaration[],
  state: SweepState,
  { repaired, stopping }: { readonly repaired: readonly string[]; readonly stopping: number },
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
  const count = (wanted: UnitStatus): number => units.filter(({ status }) => status === wanted).length;
  return {
    ...{ steps: ofSteps, failures: state.failed(), blocked: count('blocked') },
    ...{ held: count('held'), stopping, repaired: [...repaired] },
  };
}

/** How a sweep has ended, with its report if there is one. */
export function outcomeOf(
  steps: readonly StepDeclaration[],
  state: SweepState,
  report: ArtifactRef | null,
): SweepOutcome {
  if (state.failed().length === 0) return 'complete';
  // A step that tolerates gaps has run only if at least one arm was evaluated.
  const gathering = steps.filter(({ toleratesGaps, fanOut }) => toleratesGaps && fanOut !== 'sweep');
  const measured = gathering.some(({ name }) =>
    state.all().some(({ unit, status }) => unit.step === name && ['cached', 'done'].includes(status)),
  );
  return measured && report !== null ? 'partial' : 'failed';
}
