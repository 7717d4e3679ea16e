import type { SweepProgress } from '../../contracts/sweep.js';
import { armMatrices, type ArmMatrix } from '../../domain/plan/arm-matrices.js';
import type { ProgressCell } from '../../domain/plan/progress-matrix.js';
import type { TriagedUnit } from '../../domain/plan/triage.js';
import type { PlannedUnit } from '../../domain/plan/units.js';
import { counted } from '../../domain/report/words/format-number.js';
import { thinned } from '../../domain/training/read-curve.js';
import type { LossCurves } from '../../steps/provenance/learning-curves.js';
import { pipeline } from '../../steps/pipeline.js';
import { train } from '../../steps/train.js';
import type { Obstacle } from '../../storage/sweeps/waiting-record.js';
import type { ToldFailures } from '../sweep/told-failures.js';
import type { SweepStatus } from '../sweep/sweep-status.js';
import { duration } from '../terminal/duration.js';
import { hasPartialReport } from '../terminal/so-far-line.js';

/** A step with the steps that it needs. */
export interface PageStep {
  readonly step: string;
  readonly does: string;
  readonly needs: readonly string[];
  readonly total: number;
  readonly stored: number;
  readonly words: string;
  readonly mark: string;
}

/** All that the page shows but the losses, in words. */
export interface PageState {
  readonly sweep: string;
  readonly state: SweepStatus['state'];
  /** Read aloud when it changes. */
  readonly summary: string;
  /** Changes all the time. */
  readonly time: string;
  readonly notes: readonly string[];
  readonly steps: readonly PageStep[];
  readonly matrices: readonly ArmMatrix<ProgressCell>[];
  readonly failures: ToldFailures;
  /** The command by which a sweep that is not running goes on. */
  readonly goOn: string | undefined;
  /** The command that reports what is there so far, if something is and the report is not. */
  readonly soFar: string | undefined;
  readonly temporal: string | undefined;
  readonly report: PageReport | undefined;
}

/** Where the report is: below the page's address, or, if the page ends with the run, in a file. */
export type PageReport = { readonly href: string } | { readonly path: string };

/** What the page is made of. */
export interface ShownSweep extends Omit<PageState, 'summary' | 'time' | 'notes' | 'steps' | 'soFar'> {
  /** The command that reports the sweep. */
  readonly reportCommand: string;
  readonly counts: readonly StepCounts[];
  readonly waitingFor: readonly Obstacle[];
  readonly paused: string | undefined;
  readonly secondsLeft: number | undefined;
}

type StepCounts = Pick<SweepProgress['steps'][number], 'step' | 'total' | 'cached' | 'done' | 'running' | 'failed'>;

/** What the page shows of a sweep. */
export function pageState({ counts, waitingFor, paused, secondsLeft, reportCommand, ...shown }: ShownSweep): PageState {
  const { state, failures } = shown;
  const failed = failures.failures.length;
  const words = state === 'running' && waitingFor.length > 0 ? 'waiting' : state;
  return {
    ...shown,
    soFar: shown.report === undefined && hasPartialReport(counts) ? reportCommand : undefined,
    summary: failed === 0 ? words : `${words}; ${counted(failed, 'unit')} failed`,
    time:
      secondsLeft === undefined ? '' : `about ${duration(secondsLeft)} left, by what the units of each arm have taken`,
    notes: [...waitingFor.map(({ what }) => `waiting: ${what}`), ...(paused === undefined ? [] : [paused])],
    steps: pipeline.map(({ name, does }) => {
      const { total, cached, done, running, failed: ownFailed } = counts.find(({ step }) => step === name) ?? none;
      const notes = [
        [cached, 'cached'],
        [running, 'open'],
        [ownFailed, 'failed'],
      ] as const;
      const stored = cached + done;
      return {
        ...{ step: name, does, needs: ownNeeds(name), total, stored },
        words: notes.flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`])).join(', '),
        mark: ownFailed > 0 ? '✗' : total > 0 && stored === total ? '✓' : running > 0 ? '▸' : '·',
      };
    }),
  };
}

/** The steps that a step needs, without those that these need themselves: the lines of the graph. */
function ownNeeds(step: string): string[] {
  const needs = pipeline.find(({ name }) => name === step)?.needs ?? [];
  const behind = new Set(needs.flatMap((needed) => [...allNeeds(needed)]));
  return needs.filter((needed) => !behind.has(needed));
}

function allNeeds(step: string): Set<string> {
  const needs = pipeline.find(({ name }) => name === step)?.needs ?? [];
  return new Set(needs.flatMap((needed) => [needed, ...allNeeds(needed)]));
}

const none = { total: 0, cached: 0, done: 0, running: 0, failed: 0 };

/** How many units of each step are stored or have failed, of a sweep whose last run has left no result. */
export function countsOfTriage(units: readonly TriagedUnit[]): StepCounts[] {
  return [...new Set(units.map(({ step }) => step))].map((step) => {
    const own = units.filter((unit) => unit.step === step);
    const count = (state: TriagedUnit['state']): number => own.filter((unit) => unit.state === state).length;
    const counts = { cached: count('cached'), done: count('done'), failed: count('failed') };
    return { step, total: own.length, running: 0, ...counts };
  });
}

/** A training's losses: epochs with their losses. */
export interface PageCurve {
  readonly training: readonly (readonly [epoch: number, loss: number])[];
  readonly validation: readonly (readonly [epoch: number, loss: number])[];
}

/** All curves together have at most about so many points, however many trainings a sweep has. */
const mostPoints = 20_000;
const [leastPointsEach, mostPointsEach] = [8, 120];

/** The curves of arms by folds; null where no epoch has ended. */
export function pageLosses(planned: readonly PlannedUnit[], curves: LossCurves): ArmMatrix<PageCurve | null>[] {
  const even = Math.floor(mostPoints / Math.max(1, 2 * curves.size));
  const each = Math.min(mostPointsEach, Math.max(leastPointsEach, even));
  const trainings = planned.filter(({ step }) => step === train.name);
  return armMatrices(trainings, ([training]) => {
    const curve = curves.get(training?.id ?? '');
    if (curve === undefined || curve.trainingLoss.length === 0) return null;
    return { training: thinned(curve.trainingLoss, each), validation: thinned(curve.validationLoss, each) };
  });
}
