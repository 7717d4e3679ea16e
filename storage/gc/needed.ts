import { basename, join } from 'node:path';

import type { DataFolder } from '../store/data-folder.js';
import type { LineageRecord } from '../store/lineage-records.js';
import { readSweepRecord } from '../sweeps/sweep-records.js';
import { readManifest } from '../verify/stored-artifacts.js';

/** What the sweeps to keep need of a data folder. */
export interface Needed {
  readonly sweeps: ReadonlySet<string>;
  /** Keys of their work, done or yet to be done: of index records, checkpoints and logs. */
  readonly keys: ReadonlySet<string>;
  /** Digests of objects: results with their files, configs, messages of failures. */
  readonly objects: ReadonlySet<string>;
  /** Folders of phantoms. */
  readonly phantoms: ReadonlySet<string>;
}

/** What some sweeps need whose results are `artifacts`, by the digests of their manifests. */
export async function neededOf(
  folder: DataFolder,
  records: readonly LineageRecord[],
  {
    sweeps,
    keys,
    artifacts,
  }: {
    readonly sweeps: readonly string[];
    readonly keys: ReadonlySet<string>;
    readonly artifacts: ReadonlySet<string>;
  },
): Promise<Needed> {
  const objects = new Set(artifacts);
  for (const digest of artifacts) {
    const files = (await readManifest(folder, digest))?.files ?? {};
    for (const file of Object.values(files)) objects.add(file.digest);
  }
  const phantoms = new Set<string>();
  for (const id of sweeps) {
    const { specification, locations } = await readSweepRecord(folder, id);
    objects.add(specification);
    // The folder of a phantom has the name of its content, wherever the data folder was when that was recorded.
    for (const { root } of Object.values(locations)) phantoms.add(join(folder.phantoms, basename(root)));
  }
  const kept = new Set(sweeps);
  for (const { kind, spec } of records) {
    if (kind === 'failure' && kept.has(spec.sweep) && spec.words !== null) objects.add(spec.words);
  }
  return { sweeps: kept, keys, objects, phantoms };
}

export interface SweepRuns {
  /** Every sweep of the log, the one that was run last at the end. */
  readonly lastRun: readonly string[];
  /** Sweeps whose last run has not come to an end, each with when it began: it goes on, or may be resumed. */
  readonly open: ReadonlyMap<string, string>;
}

/** The runs that a log records. Version 1 records none. */
export function sweepRuns(records: readonly LineageRecord[]): SweepRuns {
  const lastRun = new Set<string>();
  const open = new Map<string, string>();
  for (const record of records) {
    if (record.kind === 'runStarted') {
      const { sweep } = record.spec;
      lastRun.delete(sweep);
      lastRun.add(sweep);
      if (!open.has(sweep)) open.set(sweep, record.at);
    }
    if (record.kind === 'runEnded' && record.spec.outcome !== 'stopped') open.delete(record.spec.sweep);
  }
  return { lastRun: [...lastRun], open };
}
