import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import { DomainError } from '../domain/domain-error.js';
import type { DataFolder } from '../storage/data-folder.js';
import { isAlive } from './embedded-server.js';

/** Who works in a data folder, if that process lives. */
export async function lockHolder(folder: DataFolder): Promise<number | undefined> {
  try {
    const { pid } = JSON.parse(await readFile(folder.lock, 'utf8')) as { pid: number };
    return isAlive(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Takes a data folder for this process; the lock of a process that is dead is taken over. */
export async function takeProjectLock(folder: DataFolder): Promise<() => Promise<void>> {
  await mkdir(dirname(folder.lock), { recursive: true });
  for (;;) {
    try {
      const file = await open(folder.lock, 'wx');
      await file.writeFile(JSON.stringify({ pid: process.pid }));
      await file.close();
      return () => rm(folder.lock, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const holder = await lockHolder(folder);
      if (holder !== undefined) {
        const message = `another volbias (process ${String(holder)}) works in ${folder.root}; wait for it, stop it, or choose another --data-dir`;
        throw new DomainError('ARGUMENT_INVALID', message);
      }
      await rm(folder.lock, { force: true });
    }
  }
}
