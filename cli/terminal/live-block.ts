import type { JobProgress } from '../../contracts/job-progress.js';
import type { SweepProgress } from '../../contracts/sweep.js';
import type { SweepLook } from '../sweep/sweep-picture.js';
import { duration } from './duration.js';
import { matrixLines } from './matrix-text.js';

/** A terminal's size; undefined of what is none. */
interface TerminalSize {
  readonly rows: number | undefined;
  readonly columns: number | undefined;
}

/** The steps, then arms by folds if a terminal of this size has room for them, then the units that are being computed, and notes. */
export function blockOf(
  { progress, jobs, matrices, secondsLeft, secondsElapsed }: SweepLook,
  notes: readonly string[],
  { rows = 0, columns = 0 }: TerminalSize,
): string {
  const time = secondsLeft === undefined ? '' : `, about ${duration(secondsLeft)} left`;
  const above = stepLines(progress);
  const below = [...jobs.map(jobLine), `  ${duration(secondsElapsed)}${time}`, ...notes];
  const matrix = matrixLines(matrices());
  // The cursor stands in a line of its own.
  const hasRoom = above.length + matrix.length + below.length < rows;
  const isShown = hasRoom && matrix.every((line) => [...line].length <= columns);
  return [...above, ...(isShown ? matrix : []), ...below].join('\n');
}

function stepLines({ steps }: SweepProgress): string[] {
  return steps
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
}

function jobLine({ unit, phase, done, total, loss }: JobProgress): string {
  const lossText = loss === undefined ? '' : `, loss ${loss.toPrecision(4)}`;
  return `  ${unit}: ${phase} ${String(done)}/${String(total)}${lossText}`;
}
