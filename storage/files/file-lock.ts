import { spawn } from 'node:child_process';
import { closeSync, constants, existsSync, fstatSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';

import { z } from 'zod';

import { DomainError } from '../../domain/domain-error.js';
import { expectOrdinary } from './file-errors.js';
import { jsonOf } from './parsed.js';
import { openToAppend } from './stored-file.js';

/**
 * A lock that the kernel holds: flock(2) on an open file. It ends with the last process that has the file open, however
 * that process ends, so no lock is ever left behind, and it is valid between containers and PID namespaces. On a
 * network file system it is valid between hosts if the file system supports it: docs/decisions/0013-kernel-locks.md.
 *
 * Node has no flock. The program of this name from util-linux locks a file that it has inherited; the lock belongs to
 * the open file and not to a process, so it remains when that program has ended. The file contains who holds the lock,
 * for messages only.
 */
export interface FileLock {
  /** The open file. A process that inherits it holds the lock as well. */
  readonly descriptor: number;
  readonly release: () => Promise<void>;
}

/** The lock, or in words who holds it. */
export type LockAttempt = FileLock | { readonly holder: string };

const holderRecord = z.object({ pid: z.int(), host: z.string() });

/** Long enough for a process that only asks who holds the lock. */
const secondsAtOnce = 1;
/** flock's exit code when another holds the lock; its own codes for errors lie elsewhere. */
const heldByAnother = 9;

/** Waits for the lock. Throws after `seconds`, even if the holder has changed in the meantime. */
export async function waitForLock(path: string, seconds: number): Promise<() => Promise<void>> {
  const attempt = await takeLock(path, seconds);
  if ('release' in attempt) return attempt.release;
  throw new Error(`${path} is still locked after ${String(seconds)} s, now by ${attempt.holder}`);
}

/** In words, who holds the lock; undefined if nobody does. */
export async function lockHolder(path: string): Promise<string | undefined> {
  if (!existsSync(path)) return undefined;
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    expectOrdinary(path, fstatSync(descriptor));
    return (await flock(path, descriptor, ['--shared', '--nonblock'])) ? undefined : holderIn(path);
  } finally {
    closeSync(descriptor);
  }
}

/** Takes the lock, or says who still holds it after some seconds. */
export async function takeLock(path: string, seconds = secondsAtOnce): Promise<LockAttempt> {
  await mkdir(dirname(path), { recursive: true });
  // A number and not a FileHandle, which would be closed, and the lock released, when it is no longer referenced.
  const descriptor = openToAppend(path, 0o600);
  let locked = false;
  try {
    locked = await flock(path, descriptor, ['--exclusive', '--timeout', String(seconds)]);
    if (!locked) return { holder: holderIn(path) };
    nameHolder(descriptor);
    return {
      descriptor,
      release: () => {
        closeSync(descriptor);
        return Promise.resolve();
      },
    };
  } finally {
    if (!locked) closeSync(descriptor);
  }
}

function nameHolder(descriptor: number): void {
  try {
    ftruncateSync(descriptor);
    writeSync(descriptor, JSON.stringify({ pid: process.pid, host: hostname() }));
  } catch {
    // The disk is full: the lock holds without a name.
  }
}

function holderIn(path: string): string {
  const { success, data } = holderRecord.safeParse(jsonOf(readFileSync(path)));
  if (!success) return 'another process';
  return `process ${String(data.pid)}${data.host === hostname() ? '' : ` on ${data.host}`}`;
}

/** Whether the open file is locked now; false if another holds the lock. */
function flock(path: string, descriptor: number, how: readonly string[]): Promise<boolean> {
  const program = spawn('flock', [...how, '--conflict-exit-code', String(heldByAnother), '3'], {
    // In its own process group, so that Ctrl-C does not end it.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', descriptor],
  });
  let errors = '';
  program.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  return new Promise((resolve, reject) => {
    const refuse = (reason: string): void => {
      const message = `${path} cannot be locked by flock (util-linux): ${reason}; docs/decisions/0013-kernel-locks.md says what it needs`;
      reject(new DomainError('FILE_UNREADABLE', message, { path }));
    };
    program.once('error', ({ message }) => {
      refuse(message);
    });
    program.once('close', (code, signal) => {
      if (code === 0 || code === heldByAnother) resolve(code === 0);
      else refuse(errors.trim() === '' ? `it ended with ${String(signal ?? code)}` : errors.trim());
    });
  });
}
