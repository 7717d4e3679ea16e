import logUpdate from 'log-update';

import type { JobProgress } from '../../contracts/job-progress.js';
import type { SweepProgress, UnitsByStatus } from '../../contracts/sweep.js';
import type { TimeLeft } from '../../domain/plan/time-left.js';
import { duration } from './duration.js';
import { pausedLine } from './paused-line.js';
import { timeEstimate } from './time-estimate.js';

/** Live progress of a sweep: a block redrawn in place on a terminal, plain lines elsewhere. */
export interface LiveView {
  jobProgress(progress: JobProgress): void;
  sweepProgress(progress: SweepProgress): void;
  unitStatuses(units: UnitsByStatus): void;
  /** Prints a line above the progress. */
  say(text: string): void;
  done(): void;
}

const plainLineEverySeconds = 5;

/** `resume` is the command by which a paused sweep goes on. */
export function createLiveView(
  stream: NodeJS.WriteStream,
  { resume, timeLeft }: { readonly resume: string; readonly timeLeft: TimeLeft },
): LiveView {
  const started = performance.now();
  const estimate = timeEstimate(timeLeft);
  const jobs = new Map<string, JobProgress & { readonly seen: number }>();
  const elapsed = (): number => (performance.now() - started) / 1000;
  let lastPlain = -plainLineEverySeconds;
  let lastText = '';

  return {
    jobProgress: (progress) => {
      estimate.jobProgress(progress);
      if (progress.ended === true) jobs.delete(progress.unit);
      else jobs.set(progress.unit, { ...jobs.get(progress.unit), ...progress, seen: elapsed() });
    },
    sweepProgress: (progress) => {
      // Jobs of a killed worker never report their end. Live jobs report more often than this.
      for (const [unit, { seen }] of jobs) if (elapsed() - seen > 120) jobs.delete(unit);
      for (const { unit } of progress.failures) jobs.delete(unit);
      const left = estimate.secondsLeft(progress);
      const paused = pausedLine(progress, resume);
      if (stream.isTTY) {
        logUpdate(
          [block(progress, [...jobs.values()], left, elapsed()), ...(paused === undefined ? [] : [paused])].join('\n'),
        );
      } else if (elapsed() - lastPlain >= plainLineEverySeconds) {
        const text = [plainLine(progress, left), paused].filter((one) => one !== undefined && one !== '').join(' · ');
        if (text !== lastText) stream.write(`${text}\n`);
        lastText = text;
        lastPlain = elapsed();
      }
    },
    unitStatuses: (units) => {
      estimate.unitStatuses(units);
    },
    say: (text) => {
      if (stream.isTTY) logUpdate.clear();
      stream.write(`${text}\n`);
    },
    done: () => {
      if (stream.isTTY) logUpdate.done();
    },
  };
}

function block(
  progress: SweepProgress,
  jobs: readonly JobProgress[],
  left: number | undefined,
  elapsed: number,
): string {
  const lines = progress.steps
    .filter(({ total }) => total > 0)
    .map(({ step, total, cached, done, running, failed }) => {
      const finished = cached + done;
      const notes = [
        cached > 0 ? `${String(cached)} cached` : '',
        running > 0 ? `${String(running)} open` : '',
        failed > 0 ? `${String(failed)} FAILED` : '',
      ].filter((note) => note !== '');
      const mark = failed > 0 ? '✗' : finished === total ? '✓' : running > 0 ? '▸' : ' ';
      return `${mark} ${step.padEnd(11)} ${`${String(finished)}/${String(total)}`.padStart(9)}  ${notes.join(', ')}`;
    });
  const working = [...jobs]
    .sort((a, b) => (a.unit < b.unit ? -1 : 1))
    .map(({ unit, phase, done, total, loss }) => {
      const lossText = loss === undefined ? '' : `, loss ${loss.toPrecision(4)}`;
      return `  ${unit}: ${phase} ${String(done)}/${String(total)}${lossText}`;
    });
  const time = left === undefined ? '' : `, about ${duration(left)} left`;
  return [...lines, ...working, `  ${duration(elapsed)}${time}`].join('\n');
}

function plainLine(progress: SweepProgress, left: number | undefined): string {
  const steps = progress.steps
    .filter(({ total, cached, done, failed }) => total > 0 && cached < total && done + cached + failed > 0)
    .map(({ step, total, cached, done, failed }) => {
      const failures = failed > 0 ? `, ${String(failed)} failed` : '';
      return `${step} ${String(cached + done)}/${String(total)}${cached > 0 ? ` (${String(cached)} cached)` : ''}${failures}`;
    });
  return [...steps, ...(left === undefined || left === 0 ? [] : [`about ${duration(left)} left`])].join(' · ');
}
