import { join, resolve } from 'node:path';

/** Where everything lies that a project has computed: one folder, safe to copy, safe to delete. */
export interface DataFolder {
  readonly root: string;
  /** Content by SHA-256. */
  readonly objects: string;
  /** Files of the store that were found damaged. */
  readonly quarantine: string;
  /** One record a key. */
  readonly index: string;
  readonly lineageLog: string;
  readonly fileDigests: string;
  /** Phantom data sets. */
  readonly phantoms: string;
  /** Unfinished trainings. */
  readonly checkpoints: string;
  readonly logs: string;
  /** Why units failed; kept out of the engine because the words may name cases. */
  readonly failures: string;
  /** One folder a sweep: its specification's digest, where its data sets lie, its report. */
  readonly sweeps: string;
  readonly temporal: string;
  /** Which process works in the folder: see storage/files/claim-lock.ts. */
  readonly lock: string;
}

export function dataFolderAt(path: string): DataFolder {
  const root = resolve(path);
  return {
    root,
    objects: join(root, 'objects'),
    quarantine: join(root, 'quarantine'),
    index: join(root, 'index'),
    lineageLog: join(root, 'lineage.jsonl'),
    fileDigests: join(root, 'file-digests.json'),
    phantoms: join(root, 'phantoms'),
    checkpoints: join(root, 'checkpoints'),
    logs: join(root, 'logs'),
    failures: join(root, 'failures'),
    sweeps: join(root, 'sweeps'),
    temporal: join(root, 'temporal'),
    lock: join(root, 'lock'),
  };
}
