import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { DataFolder } from './data-folder.js';
import { curveNameOf } from './unit-logs.js';

/** Epochs of small networks take milliseconds. */
const millisecondsBetween = 1000;

/** Where the learning curve of a training lies, for whoever watches it. The training's result has it, too. */
export function curveFile({ logs }: DataFolder, key: string): string {
  return join(logs, curveNameOf(key));
}

/** Keeps the file of a learning curve up to date, at most once a second until `end`. */
export function showCurve(folder: DataFolder, key: string): { show: (text: () => string) => void; end: () => void } {
  const path = curveFile(folder, key);
  let due = 0;
  let unwritten: (() => string) | undefined;
  const write = (text: () => string): void => {
    unwritten = undefined;
    try {
      mkdirSync(folder.logs, { recursive: true });
      writeFileSync(`${path}.tmp`, text());
      renameSync(`${path}.tmp`, path);
    } catch {
      // The disk may be full. Nothing depends on this file.
    }
  };
  return {
    show: (text) => {
      unwritten = text;
      if (performance.now() < due) return;
      due = performance.now() + millisecondsBetween;
      write(text);
    },
    end: () => {
      if (unwritten !== undefined) write(unwritten);
    },
  };
}
