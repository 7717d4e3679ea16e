import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { packageFolder } from '../storage/machine/runtime-record.js';
import { exitCodes } from './terminal/exit-codes.js';

/** Set-up. It is a script of its own because it runs before anything is installed. */
export const setupScript = join(packageFolder, 'scripts', 'setup.mjs');

/** Runs set-up to its end. Returns its exit code: 0 if all is in order. */
export function setUpMachine(args: readonly string[] = []): Promise<number> {
  const child = spawn(process.execPath, [setupScript, ...args], { stdio: 'inherit' });
  // Ctrl-C reaches both; set-up cleans up and ends first.
  const wait = (): undefined => undefined;
  process.on('SIGINT', wait);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      process.off('SIGINT', wait);
      resolve(code ?? exitCodes.interrupted);
    });
  });
}
