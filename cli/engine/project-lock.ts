import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { DomainError } from '../../domain/domain-error.js';
import type { DataFolder } from '../../storage/store/data-folder.js';
import { hasErrorCode } from '../../storage/files/file-errors.js';
import { isAlive, recordedProcess, type RecordedProcess } from './process-identity.js';

/**
 * A data folder's lock is a folder of claims, files named 1, 2, 3 and so on; the highest one is the lock's state and
 * names the process that has it. Who finds that process dead, or the claim given up, makes the next number, which the
 * file system lets only one do. The highest claim is never removed, only followed, so there is no moment in which one
 * of two that look at the same time could take away what the other has just got.
 */
interface Claim {
  readonly number: number;
  readonly holder: number | undefined;
}

const givenUp = '';
const unclaimed: Claim = { number: 0, holder: undefined };

async function claimNumbers(folder: DataFolder): Promise<readonly number[]> {
  const names = await readdir(folder.lock).catch((error: unknown) => {
    if (hasErrorCode(error, 'ENOENT')) return [];
    throw error;
  });
  return names.filter((name) => /^[1-9]\d*$/.test(name)).map(Number);
}

async function latestClaim(folder: DataFolder): Promise<Claim> {
  for (;;) {
    const number = Math.max(0, ...(await claimNumbers(folder)));
    if (number === 0) return unclaimed;
    try {
      return { number, holder: livingHolder(await readFile(claimFile(folder, number), 'utf8')) };
    } catch (error) {
      // Followed by a higher claim in the meantime.
      if (!hasErrorCode(error, 'ENOENT')) throw error;
    }
  }
}

function livingHolder(text: string): number | undefined {
  try {
    const holder = JSON.parse(text) as RecordedProcess;
    return isAlive(holder) ? holder.pid : undefined;
  } catch {
    return undefined;
  }
}

/** Who works in a data folder, if that process lives. */
export async function lockHolder(folder: DataFolder): Promise<number | undefined> {
  return (await latestClaim(folder)).holder;
}

let temporaryNames = 0;

/** Creates or replaces a file whole, as `place` does it: nobody reads half of it. */
async function placeFile(folder: DataFolder, text: string, place: (from: string) => Promise<void>): Promise<void> {
  temporaryNames += 1;
  const temporary = join(folder.lock, `${String(process.pid)}.${String(temporaryNames)}.new`);
  await writeFile(temporary, text);
  try {
    await place(temporary);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Whether the claim of this number is this process's now. */
async function claim(folder: DataFolder, number: number): Promise<boolean> {
  const file = claimFile(folder, number);
  try {
    // A link, unlike a rename, fails where there is such a file already.
    await placeFile(folder, JSON.stringify(recordedProcess(process.pid)), (from) => link(from, file));
  } catch (error) {
    if (hasErrorCode(error, 'EEXIST')) return false;
    throw error;
  }
  if (Math.max(...(await claimNumbers(folder))) === number) return true;
  // The number was free only because a higher one had followed it.
  await rm(file, { force: true });
  return false;
}

/** Takes a data folder for this process; the lock of a process that is dead is taken over. */
export async function takeProjectLock(folder: DataFolder): Promise<() => Promise<void>> {
  await mkdir(folder.lock, { recursive: true });
  for (;;) {
    const { number, holder } = await latestClaim(folder);
    if (holder !== undefined) throw alreadyTaken(folder, holder);
    if (!(await claim(folder, number + 1))) continue;
    // All but the one before: a listing made while files come and go may miss some, but not one that stays.
    for (const other of await claimNumbers(folder)) {
      if (other < number) await rm(claimFile(folder, other), { force: true });
    }
    return () => placeFile(folder, givenUp, (from) => rename(from, claimFile(folder, number + 1)));
  }
}

const claimFile = (folder: DataFolder, number: number): string => join(folder.lock, String(number));

function alreadyTaken(folder: DataFolder, holder: number): DomainError {
  return new DomainError(
    'ARGUMENT_INVALID',
    `another volbias (process ${String(holder)}) works in ${folder.root}; wait for it, stop it, or choose another --data-dir`,
  );
}
