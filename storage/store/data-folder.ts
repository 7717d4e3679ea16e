import { join, resolve } from 'node:path';

import { DomainError } from '../../domain/domain-error.js';
import { digestPattern } from '../../contracts/patterns.js';
import type { RemoteObjects } from './shared/remote-objects.js';

/** The paths in a data folder, which contains everything that was computed: safe to copy, safe to delete. */
export interface DataFolder {
  readonly root: string;
  /** Content by SHA-256. */
  readonly objects: string;
  /** Damaged files of the store. */
  readonly quarantine: string;
  /** One record for each key. */
  readonly index: string;
  readonly lineageLog: string;
  readonly fileDigests: string;
  /** How much memory trainings have used. */
  readonly memoryPeaks: string;
  /** Phantom data sets. */
  readonly phantoms: string;
  /** Unfinished trainings. */
  readonly checkpoints: string;
  readonly logs: string;
  /** Why units failed. Not sent to the engine, because the messages may name cases. */
  readonly failures: string;
  /** One folder for each sweep: its specification's digest, the locations of its data sets, its report. */
  readonly sweeps: string;
  readonly temporal: string;
  /** Seals what passes through Temporal. */
  readonly engineKey: string;
  /** Held by the process that works in the folder. */
  readonly lock: string;
  /** The logs of other data folders that share the store. */
  readonly otherLogs: string;
  /** The store that this folder shares with those of other machines; undefined if it stands alone. */
  readonly shared: RemoteObjects | undefined;
}

export function dataFolderAt(path: string, shared?: RemoteObjects): DataFolder {
  const root = resolve(path);
  return {
    shared,
    root,
    objects: join(root, 'objects'),
    quarantine: join(root, 'quarantine'),
    index: join(root, 'index'),
    lineageLog: join(root, 'lineage.jsonl'),
    fileDigests: join(root, 'file-digests.json'),
    memoryPeaks: join(root, 'memory-peaks.json'),
    phantoms: join(root, 'phantoms'),
    checkpoints: join(root, 'checkpoints'),
    logs: join(root, 'logs'),
    failures: join(root, 'failures'),
    sweeps: join(root, 'sweeps'),
    temporal: join(root, 'temporal'),
    engineKey: join(root, 'engine-key'),
    lock: join(root, 'run.lock'),
    otherLogs: join(root, 'other-logs'),
  };
}

/** Where an object of the store lies. */
export function objectPath({ objects }: DataFolder, digest: string): string {
  return join(objects, shard(digest), digest);
}

/** Where the record of a key lies. */
export function indexPath({ index }: DataFolder, key: string): string {
  return join(index, shard(key), `${key}.json`);
}

/** Anything else might lead out of the folder. */
function shard(digest: string): string {
  if (!digestPattern.test(digest)) throw new DomainError('STORE_CORRUPT', `"${digest}" is not a SHA-256 digest`);
  return digest.slice(0, 2);
}
