/** Lets only so many in at a time; the others wait in turn. */
export interface Room {
  /** Rejects as `left` does if that happens first; then nobody needs to leave. */
  readonly enter: (left?: Promise<never>) => Promise<void>;
  readonly leave: () => void;
}

/**
 * A room for `most`. Whoever leaves lets in the next one alone: with a condition of Temporal's, all that wait would wake up
 * each time, and a sweep of thousands of units would spend its time on that.
 */
export function roomFor(most: number): Room {
  const waiting: (() => void)[] = [];
  let inside = 0;
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) inside--;
    else next();
  };
  return {
    leave,
    enter: async (left) => {
      if (inside < most) {
        inside++;
        return;
      }
      let turn = (): void => undefined;
      const entered = new Promise<void>((resolve) => waiting.push((turn = resolve)));
      try {
        await (left === undefined ? entered : Promise.race([entered, left]));
      } catch (error) {
        const place = waiting.indexOf(turn);
        if (place >= 0) waiting.splice(place, 1);
        else leave();
        throw error;
      }
    },
  };
}
