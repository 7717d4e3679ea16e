/**
 * One line for each step. Something slow shows that it is going on: on a terminal a line that rewrites itself, else a
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
    /** A finished step, or a remark. */
    line(text) {
      clear();
      stream.write(`${text}\n`);
    },
    /** A slow step begins. */
    begin(text) {
      lastTick = performance.now();
      stream.write(terminal ? `${text} …` : `${text} …\n`);
    },
    /** A slow step goes on. */
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
