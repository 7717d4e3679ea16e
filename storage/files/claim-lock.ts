import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { lstat, mkdir, readdir, readlink, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { z } from 'zod';

import { isAlive, processSpace, recordedProcess } from '../machine/process-identity.js';
import { hasErrorCode } from './file-errors.js';

/**
 * A lock is a folder of claims, named 1, 2, 3 and so on. The highest claim is the lock's state: it names the process
 * that holds the lock, or says that the lock was released. To take a lock that is free or whose holder is dead, a
 * process creates the next claim; the file system lets only one process create it. The holder releases the lock by
 * creating the next claim too. The highest claim is never removed, only superseded, so a process that acts on an
 * outdated view cannot remove a claim that another has just made.
 *
 * A claim is a symbolic link whose target is its text: creating a link sets its text in the same operation, and fails
 * if the link exists.
 *
 * On the same machine, the process number and its start time tell whether the holder is alive. On another machine a
 * process number means nothing. There, a claim is valid until it has not been renewed for `lostAfterSeconds` by the
 * file system's clock, because hosts' clocks differ. A holder that is suspended (but not killed) for longer may lose
 * its lock to another host.
 */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
}

export type LockAttempt = { readonly release: () => Promise<void> } | { readonly holder: LockHolder };

const claimSchema = z.object({ pid: z.number(), identity: z.string(), host: z.string(), space: z.string() });
const givenBack = 'given back';

const renewEverySeconds = 15;
/** Longer than the minute for which a network file system may show outdated content. */
const lostAfterSeconds = 120;
const longestPauseMs = 50;

/** Takes the lock, or returns the living process that holds it. */
export async function takeLock(folder: string): Promise<LockAttempt> {
  await mkdir(folder, { recursive: true });
  for (;;) {
    const { number, holder } = await latestClaim(folder);
    if (holder !== undefined) return { holder };
    if (await claim(folder, number + 1)) return { release: keep(folder, number + 1) };
  }
}

/** Waits for the lock. Throws after `seconds`, even if the holder has changed in the meantime. */
export async function waitForLock(folder: string, seconds: number): Promise<() => Promise<void>> {
  const deadline = performance.now() + 1000 * seconds;
  for (let pauseMs = 1; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    const attempt = await takeLock(folder);
    if ('release' in attempt) return attempt.release;
    if (performance.now() > deadline) {
      throw new Error(`${folder} is still locked after ${String(seconds)} s, now by ${nameOf(attempt.holder)}`);
    }
    // Random pauses, so that no waiting process always comes last.
    await sleep(pauseMs * (0.5 + Math.random()));
  }
}

/** The process that holds the lock; undefined if none does, or if it is dead. */
export async function lockHolder(folder: string): Promise<LockHolder | undefined> {
  return existsSync(folder) ? (await latestClaim(folder)).holder : undefined;
}

/** A holder's name for messages; includes the host if it is another one. */
export function nameOf({ pid, host }: LockHolder): string {
  return `process ${String(pid)}${host === hostname() ? '' : ` on ${host}`}`;
}

const ownClaim = (): string =>
  JSON.stringify({ ...recordedProcess(process.pid), host: hostname(), space: processSpace() });

const claimFile = (folder: string, number: number): string => join(folder, String(number));

const temporaryFile = (folder: string): string => join(folder, `${randomBytes(6).toString('hex')}.new`);

async function claimNumbers(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder);
  return names.filter((name) => /^[1-9]\d*$/.test(name)).map(Number);
}

async function latestClaim(folder: string): Promise<{ number: number; holder: LockHolder | undefined }> {
  for (;;) {
    const number = Math.max(0, ...(await claimNumbers(folder)));
    if (number === 0) return { number, holder: undefined };
    try {
      return { number, holder: await livingHolder(folder, number) };
    } catch (error) {
      // Superseded by a higher claim in the meantime.
      if (!hasErrorCode(error, 'ENOENT')) throw error;
    }
  }
}

async function livingHolder(folder: string, number: number): Promise<LockHolder | undefined> {
  const file = claimFile(folder, number);
  const claimed = await readClaim(file);
  if (claimed === undefined) return undefined;
  if (claimed.space === processSpace()) return isAlive(claimed) ? claimed : undefined;
  const renewedMs = (await lstat(file)).mtimeMs;
  return (await fileSystemTimeMs(folder)) - renewedMs < 1000 * lostAfterSeconds ? claimed : undefined;
}

/** Undefined if the lock was released, and for anything that is not a claim, such as the files of earlier versions. */
async function readClaim(file: string): Promise<z.infer<typeof claimSchema> | undefined> {
  const text = await readlink(file).catch((error: unknown) => {
    if (hasErrorCode(error, 'EINVAL')) return givenBack;
    throw error;
  });
  return text === givenBack ? undefined : claimSchema.parse(JSON.parse(text));
}

async function fileSystemTimeMs(folder: string): Promise<number> {
  const probe = temporaryFile(folder);
  await writeFile(probe, '');
  try {
    return (await stat(probe)).mtimeMs;
  } finally {
    await rm(probe, { force: true });
  }
}

/** Whether this process now holds the claim of this number. */
async function claim(folder: string, number: number): Promise<boolean> {
  if (!(await makeClaim(folder, number, ownClaim()))) return false;
  const numbers = await claimNumbers(folder);
  // A number below the highest was free only because it had been superseded and removed.
  const isLatest = Math.max(...numbers) === number;
  // Keeps the claim before: a listing made while claims come and go may miss some, but not one that stays.
  const outdated = isLatest ? numbers.filter((other) => other < number - 1) : [number];
  for (const other of outdated) await rm(claimFile(folder, other), { force: true });
  return isLatest;
}

/** False if a claim of this number exists already. */
async function makeClaim(folder: string, number: number, text: string): Promise<boolean> {
  try {
    await symlink(text, claimFile(folder, number));
    return true;
  } catch (error) {
    if (hasErrorCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Renews a claim until it is released. If another host has taken the lock over, neither has any effect. */
function keep(folder: string, number: number): () => Promise<void> {
  const timer = setInterval(() => void renew(folder, number).catch(() => undefined), 1000 * renewEverySeconds).unref();
  return async () => {
    clearInterval(timer);
    await makeClaim(folder, number + 1, givenBack);
  };
}

/** Replaces the claim with an equal one: unlike `utimes`, this takes the time from the file system. */
async function renew(folder: string, number: number): Promise<void> {
  const renewed = temporaryFile(folder);
  await symlink(ownClaim(), renewed);
  await rename(renewed, claimFile(folder, number));
}
