import { spawn } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SetupProblem } from './problem.mjs';

/** flock's exit code when another holds the lock; its own codes for errors lie elsewhere. */
const heldByAnother = 9;

/**
 * One set-up at a time works on the cache; a second one waits and then finds the work done.
 *
 * The kernel holds the lock until this process ends, as in storage/files/file-lock.ts, which explains it. Set-up runs
 * before that file is compiled.
 *
 * @param {string} path file, created if necessary
 * @param {(holder: string) => void} onWait called once with the process that holds the lock
 * @returns {Promise<() => void>} releases the lock; callable from an exit handler
 */
export async function takeLock(path, onWait) {
  await mkdir(dirname(path), { recursive: true });
  const descriptor = openSync(path, 'a+');
  if (!(await flock(path, descriptor, ['--nonblock']))) {
    onWait(readFileSync(path, 'utf8') || 'unknown');
    await flock(path, descriptor, []);
  }
  ftruncateSync(descriptor);
  writeSync(descriptor, String(process.pid));
  return () => closeSync(descriptor);
}

function flock(path, descriptor, how) {
  const args = ['--exclusive', ...how, '--conflict-exit-code', String(heldByAnother), '3'];
  const program = spawn('flock', args, { stdio: ['ignore', 'ignore', 'inherit', descriptor] });
  return new Promise((resolve, reject) => {
    const refuse = (reason) => {
      const advice =
        'Install flock (Debian, Ubuntu: apt-get install util-linux), or set XDG_CACHE_HOME to a local disk.';
      reject(new SetupProblem(`${path} cannot be locked: ${reason}`, advice));
    };
    program.once('error', ({ message }) => refuse(message));
    program.once('close', (code, signal) => {
      if (code === 0 || code === heldByAnother) resolve(code === 0);
      else refuse(`flock ended with ${String(signal ?? code)}`);
    });
  });
}
