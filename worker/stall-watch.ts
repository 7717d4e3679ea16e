/** Once a training's pace is known, this many times its longest pause so far counts as a stall. */
const pausesUntilStalled = 20;
/** Pauses that pass unnoticed in any job: a slow disk, a loaded machine. */
const leastSeconds = 60;
/** After so many training steps, the longest pause says something. */
const stepsUntilKnown = 20;
/** When this process itself was stopped, signs of life may wait to be read. */
const secondsToConfirm = 2;

export interface StallWatch {
  /** The job has shown a sign of life; `isStep` if that was a training step. */
  readonly alive: (isStep: boolean) => void;
  readonly end: () => void;
}

/**
 * Calls `onStalled` with the seconds that have passed once a job has shown no sign of life for `mostSeconds`; a training,
 * once it is much longer silent than ever before. Of other jobs, the next case may be far larger than all before it.
 */
export function watchForStall(mostSeconds: number, onStalled: (seconds: number) => void): StallWatch {
  let last = performance.now();
  let longestSeconds = 0;
  let steps = 0;
  let confirming: NodeJS.Timeout | undefined;
  let timer = setTimeout(suspect, mostSeconds * 1000);

  function suspect(): void {
    confirming = setTimeout(() => {
      onStalled((performance.now() - last) / 1000);
    }, secondsToConfirm * 1000);
  }

  function allowedSeconds(): number {
    if (steps < stepsUntilKnown) return mostSeconds;
    return Math.min(mostSeconds, Math.max(leastSeconds, pausesUntilStalled * longestSeconds));
  }

  return {
    alive: (isStep) => {
      const now = performance.now();
      // What passes before the first step is loading.
      if (steps > 0) longestSeconds = Math.max(longestSeconds, (now - last) / 1000);
      last = now;
      if (isStep) steps++;
      clearTimeout(confirming);
      clearTimeout(timer);
      timer = setTimeout(suspect, allowedSeconds() * 1000);
    },
    end: () => {
      clearTimeout(confirming);
      clearTimeout(timer);
    },
  };
}
