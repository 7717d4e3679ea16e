/**
 * Loaded into every Node process of a bench before its own code (NODE_OPTIONS=--import): when the process ends, writes what
 * it has done as JSON into the folder VOLBIAS_BENCH_PROBES.
 */
import { readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

import { peakMemory } from '../support/peak-memory.js';

export interface ProcessReport {
  /** cli/main.js, worker/main.js or worker/compute-child.js. */
  readonly script: string;
  /** The name of the file that its standard output goes to: of a computing process, its log, which names the step. */
  readonly output: string;
  readonly startedMs: number;
  readonly endedMs: number;
  /** User and system time of all its threads. */
  readonly cpuSeconds: number;
  /** Longest time for which its event loop did nothing else; of a worker, since it was ready. */
  readonly blockedMs: number;
  readonly peakMb: number;
  /** Read from files, the program's own modules included. */
  readonly readBytes: number;
}

const resolutionMs = 10;
const folder = process.env.VOLBIAS_BENCH_PROBES;
if (isMainThread && folder !== undefined) watch(folder);

function watch(probes: string): void {
  const startedMs = Date.now();
  let blockedMs = 0;
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    blockedMs = Math.max(blockedMs, now - last - resolutionMs);
    last = now;
  }, resolutionMs).unref();

  // Loading modules blocks too, but before a worker says that it is ready nobody waits for it.
  const send = process.send?.bind(process);
  if (send !== undefined) {
    process.send = (message: unknown, ...more: unknown[]) => {
      if (typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready') {
        blockedMs = 0;
        last = performance.now();
      }
      return (send as (...args: unknown[]) => boolean)(message, ...more);
    };
  }

  process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    const [, read] = /^rchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8')) ?? [];
    const report: ProcessReport = {
      script: (process.argv[1] ?? '').split('/').slice(-2).join('/'),
      output: basename(readlinkSync('/proc/self/fd/1')),
      startedMs,
      endedMs: Date.now(),
      cpuSeconds: (user + system) / 1e6,
      blockedMs,
      peakMb: peakMemory() / 2 ** 20,
      readBytes: Number(read),
    };
    writeFileSync(join(probes, `${process.pid}.json`), JSON.stringify(report));
  });
}
