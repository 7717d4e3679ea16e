import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import { DomainError } from '../domain/domain-error.js';
import type { DataFolder } from '../storage/data-folder.js';
import { pause } from './pause.js';
import { isAlive, recordedProcess, type RecordedProcess } from './process-identity.js';

const writingTakesMilliseconds = 1000;

/** Who works in a data folder, if that process lives. */
export async function lockHolder(folder: DataFolder): Promise<number | undefined> {
  return livingHolder(await readLock(folder.lock));
}

function livingHolder(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  try {
    const holder = JSON.parse(text) as RecordedProcess;
    return isAlive(holder) ? holder.pid : undefined;
  } catch {
    return undefined;
  }
}

/** The lock's content; a lock that has just been created is waited for until it is written. */
async function readLock(path: string): Promise<string | undefined> {
  for (let waited = 0; ; waited += 50) {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text !== '' || waited >= writingTakesMilliseconds) return text;
    await pause(50);
  }
}

/** Takes a data folder for this process; the lock of a process that is dead is taken over. */
export async function takeProjectLock(folder: DataFolder): Promise<() => Promise<void>> {
  await mkdir(dirname(folder.lock), { recursive: true });
  for (;;) {
    try {
      const file = await open(folder.lock, 'wx');
      await file.writeFile(JSON.stringify(recordedProcess(process.pid)));
      await file.close();
      return () => rm(folder.lock, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const holder = await lockHolder(folder);
      if (holder !== undefined) throw alreadyTaken(folder, holder);
      await removeStale(folder);
    }
  }
}

/** Moves a dead process's lock away first: two that find it at once must not remove the one that the other then takes. */
async function removeStale(folder: DataFolder): Promise<void> {
  const aside = `${folder.lock}.${String(process.pid)}`;
  try {
    await rename(folder.lock, aside);
  } catch {
    return;
  }
  const holder = livingHolder(await readLock(aside));
  if (holder === undefined) {
    await rm(aside, { force: true });
    return;
  }
  await rename(aside, folder.lock);
  throw alreadyTaken(folder, holder);
}

function alreadyTaken(folder: DataFolder, holder: number): DomainError {
  return new DomainError(
    'ARGUMENT_INVALID',
    `another volbias (process ${String(holder)}) works in ${folder.root}; wait for it, stop it, or choose another --data-dir`,
  );
}
