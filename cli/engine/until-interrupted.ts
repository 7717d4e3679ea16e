/** By which a user, or what stands for one, asks a process to end; a closed terminal sends SIGHUP. */
export const interruptions = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Also that of batch systems, which announce the end of a job. */
const signals = [...interruptions, 'SIGUSR1'] as const;

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
