import { setTimeout as pause } from 'node:timers/promises';

import { lengthOf, partFrom } from '../../storage/files/log-text.js';
import { printable } from '../terminal/printable.js';

const millisecondsBetweenLooks = 250;

/** The last line of the log of an attempt that has ended; worker/child-process-runner.ts writes it. */
const lastLine = /^\S+ ended: .*\n$/m;

/** Prints a log; with `follow`, goes on until its attempt has ended. */
export async function printLog(path: string, follow: boolean): Promise<void> {
  for (let start = 0; ;) {
    // What is too long begins anew.
    if ((await lengthOf(path)) < start) start = 0;
    const { text, end } = await partFrom(path, start);
    process.stdout.write(printable(text));
    start = end;
    if (text === '' && !follow) return;
    if (lastLine.test(text.split('\n').slice(-2).join('\n'))) return;
    if (text === '') await pause(millisecondsBetweenLooks);
  }
}
