import { DomainError } from '../../domain/domain-error.js';
import { takeLock } from '../../storage/files/file-lock.js';
import type { DataFolder } from '../../storage/store/data-folder.js';

/** Locks a data folder for this process, or fails at once. */
export async function takeProjectLock(folder: DataFolder): Promise<() => Promise<void>> {
  const attempt = await takeLock(folder.lock);
  if ('release' in attempt) return attempt.release;
  throw new DomainError(
    'ARGUMENT_INVALID',
    `another volbias (${attempt.holder}) is using ${folder.root}; wait for it, stop it, or pass another --data-dir`,
  );
}
