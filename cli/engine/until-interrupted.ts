const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1'] as const;

/** Resolves with the first of these signals, or with undefined when `ended` resolves. */
export function untilInterrupted(ended?: Promise<void>): Promise<(typeof signals)[number] | undefined> {
  return new Promise((resolve) => {
    // A pending promise alone does not keep a process alive.
    const keepAlive = setInterval(() => undefined, 60_000);
    const finish = (signal?: (typeof signals)[number]): void => {
      clearInterval(keepAlive);
      resolve(signal);
    };
    for (const signal of signals) {
      process.once(signal, () => {
        finish(signal);
      });
    }
    void ended?.then(() => {
      finish();
    });
  });
}
