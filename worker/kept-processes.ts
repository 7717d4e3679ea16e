import type { ChildProcess } from 'node:child_process';

import { residentBytes } from '../storage/machine/memory.js';

/** Units of a step follow each other sooner than this. */
const secondsKept = 10;
/** A process that holds more would keep it from others; for a job that used so much, a new process costs little. */
const mostKeptBytes = 2 ** 30;

/**
 * Processes that have done their job and can do another with the same settings: starting one and loading TensorFlow
 * takes longer than many a small job. They are ended after a few seconds without a job.
 */
export class KeptProcesses {
  private readonly kept = new Map<ChildProcess, { readonly settings: string; readonly timer: NodeJS.Timeout }>();

  /** A process that was started with these settings; undefined if none waits. */
  take(settings: string): ChildProcess | undefined {
    for (const [child, one] of this.kept) {
      if (one.settings !== settings || !child.connected) continue;
      clearTimeout(one.timer);
      this.kept.delete(child);
      return child;
    }
    return undefined;
  }

  keep(child: ChildProcess, settings: string): void {
    if (residentBytes(child.pid ?? 0) > mostKeptBytes) {
      end(child);
      return;
    }
    const timer = setTimeout(() => {
      this.kept.delete(child);
      end(child);
    }, secondsKept * 1000);
    this.kept.set(child, { settings, timer });
  }

  endAll(): void {
    for (const [child, { timer }] of this.kept) {
      clearTimeout(timer);
      end(child);
    }
    this.kept.clear();
  }
}

/** A process ends by itself when nobody is connected to it. */
function end(child: ChildProcess): void {
  if (child.connected) child.disconnect();
}
