import { printable } from './printable.js';

const redrawEveryMs = 100;

/** A line on a terminal that is overwritten by the next; nothing elsewhere. */
export function progressLine(stream: NodeJS.WriteStream): {
  show: (text: string) => void;
  clear: () => void;
} {
  let lastMs = -Infinity;
  const draw = (text: string): void => {
    if (stream.isTTY) stream.write(`\r\x1b[K${printable(text).slice(0, stream.columns - 1)}`);
  };
  return {
    show: (text) => {
      const nowMs = performance.now();
      if (nowMs - lastMs < redrawEveryMs) return;
      lastMs = nowMs;
      draw(text);
    },
    clear: () => {
      draw('');
    },
  };
}
