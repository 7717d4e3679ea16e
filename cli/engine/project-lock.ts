import { DomainError } from '../../domain/domain-error.js';
import { lockHolder, takeLock } from '../../storage/files/file-lock.js';
import type { DataFolder } from '../../storage/store/data-folder.js';

/** Locks a data folder for this process, or fails at once. */
export async function takeProjectLock(folder: DataFolder): Promise<() => Promise<void>> {
  const attempt = await takeLock(folder.lock);
  if ('release' in attempt) return attempt.release;
  throw inUse(folder, attempt.holder);
}

/** Fails if another process has locked the data folder: what cannot run leaves no record of a sweep. */
export async function expectUnlockedProject(folder: DataFolder): Promise<void> {
  const holder = await lockHolder(folder.lock);
  if (holder !== undefined) throw inUse(folder, holder);
}

function inUse({ root }: DataFolder, holder: string): DomainError {
  const remedy = 'wait for it, stop it, or pass another --data-dir';
  return new DomainError('ARGUMENT_INVALID', `another volbias (${holder}) is using ${root}; ${remedy}`);
}
