/** Lets only so many in at a time; the others wait in turn. */
export interface Room {
  readonly enter: () => Promise<void>;
  readonly leave: () => void;
}

/**
 * A room for `most`. Whoever leaves lets in the next one alone: with a condition of Temporal's, all that wait would wake up
 * each time, and a sweep of thousands of units would spend its time on that.
 */
export function roomFor(most: number): Room {
  const waiting: (() => void)[] = [];
  let inside = 0;
  return {
    enter: () => {
      if (inside === most) return new Promise((resolve) => waiting.push(resolve));
      inside++;
      return Promise.resolve();
    },
    leave: () => {
      const next = waiting.shift();
      if (next === undefined) inside--;
      else next();
    },
  };
}
