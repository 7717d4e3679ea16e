import { lstat, readdir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';

import { digestPattern, sweepIdPattern } from '../../contracts/patterns.js';
import { hasErrorCode } from '../files/file-errors.js';
import type { DataFolder } from '../store/data-folder.js';
import { logsOfOtherUnits } from '../store/unit-logs.js';
import { readIndex, shardedFiles } from '../verify/stored-artifacts.js';
import type { Needed } from './needed.js';

export type GarbageKind = 'index record' | 'object' | 'sweep' | 'phantom' | 'checkpoint' | 'log' | 'failures';

/** A file or folder that no sweep to keep needs. */
export interface Garbage {
  readonly kind: GarbageKind;
  /** Relative to the data folder. */
  readonly path: string;
  readonly bytes: number;
}

/** The folder of a drawn phantom: the beginning of its settings' digest. */
const phantomPattern = /^[0-9a-f]{16}$/;

/**
 * What no sweep to keep needs, index records first: what these no longer name is no longer found. Only what was last
 * changed before `beforeMs` (since 1970) counts: later files may belong to work that is not recorded yet. The quarantine,
 * the engine's files and the log are never garbage, nor is anything with another name than volbias gives.
 */
export async function findGarbage(folder: DataFolder, needed: Needed, beforeMs: number): Promise<Garbage[]> {
  const found: Garbage[] = [];
  const offer = async (kind: GarbageKind, path: string): Promise<void> => {
    const { bytes, modifiedMs } = await sizeOf(path);
    if (modifiedMs < beforeMs) found.push({ kind, path: relative(folder.root, path), bytes });
  };
  for (const { path, ref } of await readIndex(folder)) {
    // A damaged record names nothing; `volbias verify` puts it aside.
    if (ref !== undefined && !needed.keys.has(ref.key) && !needed.objects.has(ref.digest))
      await offer('index record', path);
  }
  for (const { name, path } of await shardedFiles(folder.objects)) {
    if (digestPattern.test(name) && !needed.objects.has(name)) await offer('object', path);
  }
  for (const path of await pathsIn(folder.sweeps)) {
    if (sweepIdPattern.test(basename(path)) && !needed.sweeps.has(basename(path))) await offer('sweep', path);
  }
  for (const path of await pathsIn(folder.failures)) {
    if (sweepIdPattern.test(basename(path)) && !needed.sweeps.has(basename(path))) await offer('failures', path);
  }
  for (const path of await pathsIn(folder.phantoms)) {
    if (phantomPattern.test(basename(path)) && !needed.phantoms.has(path)) await offer('phantom', path);
  }
  for (const path of await pathsIn(folder.checkpoints)) {
    if (digestPattern.test(basename(path)) && !needed.keys.has(basename(path))) await offer('checkpoint', path);
  }
  const logs = (await pathsIn(folder.logs)).map((path) => basename(path));
  for (const name of logsOfOtherUnits(logs, needed.keys)) await offer('log', join(folder.logs, name));
  return found;
}

async function pathsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (hasErrorCode(error, 'ENOENT')) return [];
    throw error;
  });
  return names.sort().map((name) => join(folder, name));
}

/** Bytes of a file, or of all files in a folder, and when the latest of them was changed. */
async function sizeOf(path: string): Promise<{ readonly bytes: number; readonly modifiedMs: number }> {
  const own = await lstat(path);
  let [bytes, modifiedMs] = [own.isFile() ? own.size : 0, own.mtimeMs];
  if (!own.isDirectory()) return { bytes, modifiedMs };
  for (const inside of await pathsIn(path)) {
    const found = await sizeOf(inside);
    bytes += found.bytes;
    modifiedMs = Math.max(modifiedMs, found.modifiedMs);
  }
  return { bytes, modifiedMs };
}
