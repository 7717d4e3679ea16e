import { progressLine } from './progress-line.js';

/** Shows how much of a bundle is written or read, on a terminal. */
export function bundleProgress(what: string): { show: (done: number, of: number) => void; clear: () => void } {
  const line = progressLine(process.stderr);
  return {
    show: (done, of) => {
      line.show(`${what}: ${(done / 1e6).toFixed(1)} of ${(of / 1e6).toFixed(1)} MB`);
    },
    clear: line.clear,
  };
}
