/** At first, nothing is known of a job's pace; later, this many times its longest pause so far counts as a stall. */
const pausesUntilStalled = 20;
/** Pauses that pass unnoticed in any job: a slow disk, a loaded machine. */
const leastSeconds = 60;
/** After so many signs of life, the longest pause says something. */
const signsUntilKnown = 20;
/** When this process itself was stopped, signs of life may wait to be read. */
const secondsToConfirm = 2;

export interface StallWatch {
  /** The job has made progress. */
  alive(): void;
  end(): void;
}

/**
 * Calls `onStalled` with the seconds that have passed once a job shows no progress for much longer than it ever did
 * before, and in any case after `mostSeconds`.
 */
export function watchForStall(mostSeconds: number, onStalled: (seconds: number) => void): StallWatch {
  let last = performance.now();
  let longestSeconds = 0;
  let signs = 0;
  let confirming: NodeJS.Timeout | undefined;
  let timer = setTimeout(suspect, mostSeconds * 1000);

  function suspect(): void {
    confirming = setTimeout(() => {
      onStalled((performance.now() - last) / 1000);
    }, secondsToConfirm * 1000);
  }

  function allowedSeconds(): number {
    if (signs < signsUntilKnown) return mostSeconds;
    return Math.min(mostSeconds, Math.max(leastSeconds, pausesUntilStalled * longestSeconds));
  }

  return {
    alive: () => {
      const now = performance.now();
      longestSeconds = Math.max(longestSeconds, (now - last) / 1000);
      last = now;
      signs++;
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
