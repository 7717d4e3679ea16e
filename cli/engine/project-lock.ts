import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { DomainError } from '../../domain/domain-error.js';
import type { DataFolder } from '../../storage/store/data-folder.js';
import { hasErrorCode } from '../../storage/files/file-errors.js';
import { isAlive, recordedProcess, type RecordedProcess } from './process-identity.js';

/**
 * The lock of a data folder is a folder of claim files named 1, 2, 3, … The highest claim is the state of the lock: it
 * names the process that holds it, or is empty after a release. A process that finds the holder dead or the claim
 * released creates the next number; the file system lets only one process succeed. The highest claim is never deleted,
 * only superseded, so two processes that check at the same time cannot delete each other's claim.
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
      // A higher claim has superseded it in the meantime.
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

/** Id of the live process that holds the lock of a data folder; undefined if there is none. */
export async function lockHolder(folder: DataFolder): Promise<number | undefined> {
  return (await latestClaim(folder)).holder;
}

let temporaryNames = 0;

/** Writes a temporary file and puts it into place with `place`, so that no reader sees a partial file. */
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

/** Tries to create the claim with this number. True if this process now holds the lock. */
async function claim(folder: DataFolder, number: number): Promise<boolean> {
  const file = claimFile(folder, number);
  try {
    // Unlike a rename, a link fails if the file already exists.
    await placeFile(folder, JSON.stringify(recordedProcess(process.pid)), (from) => link(from, file));
  } catch (error) {
    if (hasErrorCode(error, 'EEXIST')) return false;
    throw error;
  }
  if (Math.max(...(await claimNumbers(folder))) === number) return true;
  // The number was free only because a higher claim had superseded it.
  await rm(file, { force: true });
  return false;
}

/** Locks a data folder for this process, taking over the lock of a dead one. Returns the function that releases it. */
export async function takeProjectLock(folder: DataFolder): Promise<() => Promise<void>> {
  await mkdir(folder.lock, { recursive: true });
  for (;;) {
    const { number, holder } = await latestClaim(folder);
    if (holder !== undefined) throw alreadyTaken(folder, holder);
    if (!(await claim(folder, number + 1))) continue;
    // Keeps the previous claim: a listing may miss files that are created or deleted meanwhile, but none that stays.
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
    `another volbias (process ${String(holder)}) is using ${folder.root}; wait for it, stop it, or choose another --data-dir`,
  );
}
