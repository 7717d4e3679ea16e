import type { StepProgress } from '../../contracts/sweep.js';
import { evaluate } from '../../steps/evaluate.js';
import { report } from '../../steps/report.js';

type Counts = Pick<StepProgress, 'step' | 'cached' | 'done'>;

/** Offers the partial report of a sweep: undefined while no training has results, and once the report is there. */
export function soFarLine(steps: readonly Counts[], command: string): string | undefined {
  return hasPartialReport(steps) ? `what is there so far: ${command}` : undefined;
}

/** Whether some training has results and the report is not there yet. */
export function hasPartialReport(steps: readonly Counts[]): boolean {
  const stored = (name: string): number => {
    const { cached = 0, done = 0 } = steps.find(({ step }) => step === name) ?? {};
    return cached + done;
  };
  return stored(evaluate.name) > 0 && stored(report.name) === 0;
}
