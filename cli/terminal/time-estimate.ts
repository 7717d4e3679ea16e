import type { JobProgress } from '../../contracts/job-progress.js';
import type { SweepProgress, UnitsByStatus } from '../../contracts/sweep.js';
import type { TimeLeft } from '../../domain/plan/time-left.js';
import { isLong } from '../../domain/plan/unit-name.js';

/** How long a sweep still takes, from what is seen of it. */
export interface TimeEstimate {
  jobProgress(progress: JobProgress): void;
  unitStatuses(units: UnitsByStatus): void;
  /** Undefined while nothing tells, or while all is paused. */
  secondsLeft(progress: SweepProgress): number | undefined;
}

export function timeEstimate(left: TimeLeft): TimeEstimate {
  let done: ReadonlySet<string> | undefined;
  let open: readonly string[] = [];
  const endedAt = new Map<string, number>();
  /** What was done of a unit before it was first seen: a training may go on with an old one. */
  const firstParts = new Map<string, number>();
  // A clock that stands still while nothing runs.
  let [clock, lastLook, isWorking] = [0, performance.now(), false];
  const now = (): number => {
    const look = performance.now();
    if (isWorking) clock += (look - lastLook) / 1000;
    lastLook = look;
    return clock;
  };

  return {
    jobProgress: ({ unit, done: part, total, ended }) => {
      // Whether it has a result, the statuses will tell.
      if (ended === true) {
        endedAt.set(unit, now());
        firstParts.delete(unit);
      } else if (total > 0) {
        const first = firstParts.get(unit) ?? Math.max(0, part - 1) / total;
        firstParts.set(unit, first);
        left.runs(unit, part / total, now(), first);
      }
    },
    unitStatuses: (units) => {
      for (const unit of units.done) {
        if (done !== undefined && !done.has(unit) && isLong(unit)) left.ends(unit, endedAt.get(unit) ?? now());
      }
      done = new Set(units.done);
      for (const unit of [...units.waiting, ...units.held, ...units.failed]) {
        left.stops(unit);
        firstParts.delete(unit);
      }
      endedAt.clear();
      open = [...units.waiting, ...units.running].filter(isLong);
    },
    secondsLeft: ({ steps, held, stopping }) => {
      const long = steps.filter(({ queue }) => queue === 'training');
      const running = long.reduce((sum, step) => sum + step.running, 0);
      const isOver = long.every(({ total, cached, done, failed }) => total === cached + done + failed);
      const at = now();
      isWorking = running > stopping;
      if (!isWorking && held > 0) return undefined;
      return isOver || open.length === 0 ? undefined : left.left(open, at);
    },
  };
}
