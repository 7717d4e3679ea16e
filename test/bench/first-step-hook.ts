/** Imported into a computing process, writes to its log when the first step of a training was done, from the process's start. */
interface Progress {
  readonly type?: string;
  readonly progress?: { readonly loss?: number };
}

const send = process.send?.bind(process) as ((...args: unknown[]) => boolean) | undefined;
if (send !== undefined && process.argv[1]?.endsWith('compute-child.js') === true) {
  let seen = false;
  process.send = ((message: Progress, ...rest: unknown[]) => {
    if (!seen && message.progress?.loss !== undefined) {
      seen = true;
      process.stderr.write(`first step after ${performance.now().toFixed(0)} ms\n`);
    }
    return send(message, ...rest);
  }) as NonNullable<typeof process.send>;
}
