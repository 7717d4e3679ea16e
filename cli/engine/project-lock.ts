import { DomainError } from '../../domain/domain-error.js';
import { nameOf, takeLock } from '../../storage/files/claim-lock.js';
import type { DataFolder } from '../../storage/store/data-folder.js';

/** Takes a data folder for this process, or refuses at once. */
export async function takeProjectLock(folder: DataFolder): Promise<() => Promise<void>> {
  const attempt = await takeLock(folder.lock);
  if ('release' in attempt) return attempt.release;
  throw new DomainError(
    'ARGUMENT_INVALID',
    `another volbias (${nameOf(attempt.holder)}) works in ${folder.root}; wait for it, stop it, or choose another --data-dir`,
  );
}
