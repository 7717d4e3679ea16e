/**
 * Prints one line for each step. A slow step shows progress: on a terminal a line that rewrites itself, otherwise a
 * plain line at most every ten seconds.
 *
 * @param {NodeJS.WriteStream | {write(text: string): unknown, isTTY?: boolean}} stream
 */
export function createLog(stream) {
  const terminal = stream.isTTY === true;
  let lastTick = 0;
  const clear = () => {
    if (terminal) stream.write('\r\u001b[2K');
  };
  return {
    /** Reports a finished step, or prints a remark. */
    line(text) {
      clear();
      stream.write(`${text}\n`);
    },
    /** Reports that a slow step begins. */
    begin(text) {
      lastTick = performance.now();
      stream.write(terminal ? `${text} …` : `${text} …\n`);
    },
    /** Reports that a slow step continues. */
    tick(text) {
      if (terminal) {
        clear();
        stream.write(text);
      } else if (performance.now() - lastTick >= 10_000) {
        lastTick = performance.now();
        stream.write(`${text}\n`);
      }
    },
  };
}

/** @typedef {ReturnType<typeof createLog>} Log */
