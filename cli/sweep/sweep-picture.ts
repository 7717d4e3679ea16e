import type { JobProgress } from '../../contracts/job-progress.js';
import type { SweepProgress, UnitsByStatus } from '../../contracts/sweep.js';
import type { ArmMatrix } from '../../domain/plan/arm-matrices.js';
import {
  progressMatrices,
  unitsByStatus,
  type DonePart,
  type ProgressCell,
} from '../../domain/plan/progress-matrix.js';
import type { TimeLeft } from '../../domain/plan/time-left.js';
import type { PlannedUnit } from '../../domain/plan/units.js';
import type { LossCurve } from '../../domain/training/read-curve.js';
import { timeEstimate } from '../terminal/time-estimate.js';

/** What a running sweep looks like at a moment. */
export interface SweepLook {
  readonly progress: SweepProgress;
  /** Of the units that are being computed, by name. */
  readonly jobs: readonly JobProgress[];
  readonly matrices: () => readonly ArmMatrix<ProgressCell>[];
  /** Undefined while nothing tells. */
  readonly secondsLeft: number | undefined;
  readonly secondsElapsed: number;
}

/** Live jobs report more often than this; those of a killed worker never report their end. */
const longestSilenceSeconds = 120;

/** Puts together what is told of a running sweep: what the terminal shows, and the page of `volbias watch`. */
export class SweepPicture {
  private readonly started = performance.now();
  private readonly estimate: ReturnType<typeof timeEstimate>;
  private readonly jobs = new Map<string, JobProgress & { readonly seen: number }>();
  private readonly epochs = new Map<string, DonePart>();
  private statuses: UnitsByStatus | undefined;

  /** `planned`: the units of arms, in the order of the plan. */
  constructor(
    private readonly planned: readonly PlannedUnit[],
    timeLeft: TimeLeft,
  ) {
    this.estimate = timeEstimate(timeLeft);
  }

  /** A job of a worker that this process has started tells how far it is. */
  jobProgress(progress: JobProgress): void {
    this.estimate.jobProgress(progress);
    if (progress.ended === true) this.jobs.delete(progress.unit);
    else this.jobs.set(progress.unit, { ...this.jobs.get(progress.unit), ...progress, seen: this.elapsed() });
  }

  unitStatuses(units: UnitsByStatus): void {
    this.estimate.unitStatuses(units);
    this.statuses = units;
  }

  /** The curves of trainings tell how far they are where no job does. */
  curves(curves: ReadonlyMap<string, LossCurve>, maxEpochs: number): void {
    const running = new Set(this.statuses?.running);
    for (const [unit, { trainingLoss }] of curves) {
      const done = Math.min(trainingLoss.length + 1, maxEpochs);
      const before = this.epochs.get(unit);
      this.epochs.set(unit, { done, total: maxEpochs });
      // A curve that does not grow may be an old one, of a training that waits to go on.
      if (running.has(unit) && before !== undefined && before.done < done) {
        this.estimate.jobProgress({ unit, phase: 'epoch', done, total: maxEpochs });
      }
    }
  }

  look(progress: SweepProgress): SweepLook {
    for (const [unit, { seen }] of this.jobs) if (this.elapsed() - seen > longestSilenceSeconds) this.jobs.delete(unit);
    for (const { unit } of progress.failures) this.jobs.delete(unit);
    const jobs = [...this.jobs.values()].sort((a, b) => (a.unit < b.unit ? -1 : 1));
    return {
      ...{ progress, jobs, secondsLeft: this.estimate.secondsLeft(progress), secondsElapsed: this.elapsed() },
      matrices: () => {
        const parts = new Map([...this.epochs, ...jobs.map((job) => [job.unit, job] as const)]);
        return progressMatrices(unitsByStatus(this.planned, this.statuses, { parts, failures: progress.failures }));
      },
    };
  }

  /** The last statuses that were told. */
  units(): UnitsByStatus | undefined {
    return this.statuses;
  }

  private elapsed(): number {
    return (performance.now() - this.started) / 1000;
  }
}
