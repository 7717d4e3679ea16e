import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { DomainError } from '../../domain/domain-error.js';
import { flushFolder, makeFolder, writeFileAtomically } from '../files/atomic-file.js';
import { hasErrorCode } from '../files/file-errors.js';
import { hasFile } from '../files/has-file.js';
import { readStoredFile } from '../files/stored-file.js';

const digestBytes = 32;
const names = { last: 'checkpoint.bin', previous: 'checkpoint.previous.bin' } as const;

/** Another attempt at the same training has begun: this one must not go on. */
export class Superseded extends Error {
  override readonly name = 'Superseded';
}

/** The checkpoints of a training, as one attempt at it sees them. */
export interface CheckpointFiles {
  load(): Promise<Uint8Array | undefined>;
  /** Throws `Superseded` once a later attempt has begun. */
  save(bytes: Uint8Array): Promise<void>;
  /** Whether there is any checkpoint. */
  exist(): Promise<boolean>;
  /** Moves all files to another folder, replacing it. */
  putAside(to: string): Promise<void>;
  remove(): Promise<void>;
}

/**
 * A training's last checkpoint and the one before it, each complete or absent. A checkpoint ends with the SHA-256 of
 * its other bytes (written by learning/training/checkpoint.ts).
 *
 * Each attempt at a training writes to a folder of its own: `folder/1/`, `folder/2/` and so on. The process of a worker
 * that was believed dead may wake up and save once more beside its replacement; it cannot change what the later attempt
 * has written, and learns that it is superseded.
 *
 * `load` begins an attempt, and returns the newest intact checkpoint of any. If the last one is damaged, the one before
 * is loaded: the training repeats a few steps and ends with the same bytes. If files exist but none is intact, `load`
 * throws CHECKPOINT_CORRUPT, so that no training starts over without a word: days of work may be lost, and the user
 * should know that this disk loses data.
 */
export function checkpointFiles(folder: string): CheckpointFiles {
  let own: number | undefined;
  return {
    load: async () => {
      own ??= await beginAttempt(folder);
      let damaged = false;
      for (const path of await checkpointPaths(folder)) {
        const bytes = await readIfThere(path);
        if (bytes !== undefined && isWhole(bytes)) return bytes;
        damaged ||= bytes !== undefined;
      }
      if (!damaged) return undefined;
      throw new DomainError('CHECKPOINT_CORRUPT', `no checkpoint in ${folder} matches its own SHA-256`, { folder });
    },
    save: async (bytes) => {
      own ??= await beginAttempt(folder);
      const attempts = await attemptsIn(folder);
      if (attempts[0] !== own) throw new Superseded(`a later attempt at ${folder} has begun`);
      const path = (name: string): string => join(folder, String(own), name);
      const hasPrevious = await rename(path(names.last), path(names.previous)).then(
        () => true,
        () => false,
      );
      await writeFileAtomically(path(names.last), bytes);
      // Until then, the checkpoint that this attempt began with is the one before.
      if (!hasPrevious) return;
      for (const earlier of attempts.slice(1))
        await rm(join(folder, String(earlier)), { recursive: true, force: true });
    },
    exist: async () => {
      const found = await Promise.all((await checkpointPaths(folder)).map(hasFile));
      return found.includes(true);
    },
    putAside: async (to) => {
      own = undefined;
      await rm(to, { recursive: true, force: true });
      await mkdir(dirname(to), { recursive: true });
      await rename(folder, to);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The numbers of the attempts, the latest first. */
async function attemptsIn(folder: string): Promise<number[]> {
  const found = await readdir(folder).catch((error: unknown) => {
    if (hasErrorCode(error, 'ENOENT')) return [];
    throw error;
  });
  return found
    .filter((name) => /^[1-9]\d*$/.test(name))
    .map(Number)
    .sort((a, b) => b - a);
}

/** Makes the folder of the next attempt: only one process can make it. */
async function beginAttempt(folder: string): Promise<number> {
  await makeFolder(folder);
  for (;;) {
    const next = ((await attemptsIn(folder))[0] ?? 0) + 1;
    try {
      await mkdir(join(folder, String(next)));
      await flushFolder(folder);
      return next;
    } catch (error) {
      if (!hasErrorCode(error, 'EEXIST')) throw error;
    }
  }
}

/** Where checkpoints may be, the newest first. */
export async function checkpointPaths(folder: string): Promise<string[]> {
  const attempts = await attemptsIn(folder);
  return attempts.flatMap((attempt) => Object.values(names).map((name) => join(folder, String(attempt), name)));
}

/** Whether a checkpoint ends with the SHA-256 of its other bytes. */
export function isWhole(bytes: Uint8Array): boolean {
  if (bytes.length <= digestBytes) return false;
  const digest = createHash('sha256').update(bytes.subarray(0, -digestBytes)).digest();
  return digest.equals(bytes.subarray(-digestBytes));
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readStoredFile(path);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
