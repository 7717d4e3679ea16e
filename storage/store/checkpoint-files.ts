import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { DomainError } from '../../domain/domain-error.js';
import { writeFileAtomically } from '../files/atomic-file.js';
import { hasErrorCode } from '../files/file-errors.js';

const digestBytes = 32;

/**
 * A training's last checkpoint and the one before it, each complete or absent. A checkpoint ends with the SHA-256 of
 * its other bytes (written by learning/training/checkpoint.ts).
 *
 * `load` returns the newest intact checkpoint. A damaged last checkpoint is renamed to `checkpoint.damaged.bin`, so
 * that the next save does not move it over the good one, and `load` returns the one before: the training repeats a few
 * steps and ends with the same bytes. If files exist but none is intact, `load` throws CHECKPOINT_CORRUPT, so that no
 * training starts over without a word: days of work may be lost, and the user should know that this disk loses data.
 */
export function checkpointFiles(folder: string): {
  load(): Promise<Uint8Array | undefined>;
  save(bytes: Uint8Array): Promise<void>;
  /** Whether there is any checkpoint. */
  exist(): Promise<boolean>;
  /** Moves all files to another folder, replacing it. */
  putAside(to: string): Promise<void>;
  remove(): Promise<void>;
} {
  const path = join(folder, 'checkpoint.bin');
  const previous = join(folder, 'checkpoint.previous.bin');
  const setAside = join(folder, 'checkpoint.damaged.bin');
  return {
    load: async () => {
      const last = await readIfThere(path);
      if (last !== undefined && isWhole(last)) return last;
      // A crash between the two renames of a save leaves only the previous checkpoint.
      const before = await readIfThere(previous);
      if (last === undefined && before === undefined) return undefined;
      if (before === undefined || !isWhole(before)) {
        throw new DomainError('CHECKPOINT_CORRUPT', `no checkpoint in ${folder} matches its own SHA-256`, { folder });
      }
      if (last !== undefined) await rename(path, setAside);
      return before;
    },
    save: async (bytes) => {
      await rename(path, previous).catch(() => undefined);
      await writeFileAtomically(path, bytes);
    },
    exist: () =>
      stat(folder).then(
        () => true,
        () => false,
      ),
    putAside: async (to) => {
      await rm(to, { recursive: true, force: true });
      await mkdir(dirname(to), { recursive: true });
      await rename(folder, to);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function isWhole(bytes: Uint8Array): boolean {
  if (bytes.length <= digestBytes) return false;
  const digest = createHash('sha256').update(bytes.subarray(0, -digestBytes)).digest();
  return digest.equals(bytes.subarray(-digestBytes));
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
