import logUpdate from 'log-update';

import type { SweepProgress } from '../../contracts/sweep.js';
import type { SweepLook } from '../sweep/sweep-picture.js';
import { duration } from './duration.js';
import { blockOf } from './live-block.js';
import { pausedLine } from './paused-line.js';
import { soFarLine } from './so-far-line.js';

/** Live progress of a sweep: a block redrawn in place on a terminal, plain lines elsewhere. */
export interface LiveView {
  show(look: SweepLook): void;
  /** Prints a line above the progress. */
  say(text: string): void;
  done(): void;
}

const plainLineEverySeconds = 5;

export interface LiveCommands {
  /** By which a paused sweep goes on. */
  readonly resume: string;
  /** Which reports what is there so far. */
  readonly report: string;
}

export function createLiveView(stream: NodeJS.WriteStream, { resume, report }: LiveCommands): LiveView {
  let lastPlain = -plainLineEverySeconds;
  let lastText = '';
  let isOffered = false;
  return {
    show: (look) => {
      const { progress, secondsLeft, secondsElapsed } = look;
      const paused = pausedLine(progress, resume);
      const soFar = soFarLine(progress.steps, report);
      if (stream.isTTY) {
        logUpdate(
          blockOf(
            look,
            [paused, soFar].filter((one) => one !== undefined),
            stream,
          ),
        );
      } else if (secondsElapsed - lastPlain >= plainLineEverySeconds) {
        const text = [plainLine(progress, secondsLeft), paused]
          .filter((one) => one !== undefined && one !== '')
          .join(' · ');
        if (text !== lastText) stream.write(`${text}\n`);
        // What is written stays: once is enough.
        if (soFar !== undefined && !isOffered) stream.write(`${soFar}\n`);
        isOffered ||= soFar !== undefined;
        lastText = text;
        lastPlain = secondsElapsed;
      }
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

function plainLine(progress: SweepProgress, left: number | undefined): string {
  const steps = progress.steps
    .filter(({ total, cached, done, failed }) => total > 0 && cached < total && done + cached + failed > 0)
    .map(({ step, total, cached, done, failed }) => {
      const failures = failed > 0 ? `, ${String(failed)} failed` : '';
      return `${step} ${String(cached + done)}/${String(total)}${cached > 0 ? ` (${String(cached)} cached)` : ''}${failures}`;
    });
  return [...steps, ...(left === undefined || left === 0 ? [] : [`about ${duration(left)} left`])].join(' · ');
}
