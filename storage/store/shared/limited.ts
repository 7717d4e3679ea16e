/** A function that does what it is given, at most so many at a time; the rest wait their turn. */
export function limited(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      // Whoever waits takes this place, so the number stays.
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
