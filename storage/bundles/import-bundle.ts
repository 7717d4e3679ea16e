import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { canonicalJson } from '../../domain/plan/key.js';
import { flushFolder, makeFolder } from '../files/atomic-file.js';
import { hasFile } from '../files/has-file.js';
import { sha256OfFileSync } from '../files/sha256.js';
import { operatorName } from '../machine/operator.js';
import type { ArtifactStore } from '../store/artifact-store.js';
import { dataFolderAt, objectPath, type DataFolder } from '../store/data-folder.js';
import type { LineageLog } from '../store/lineage-log.js';
import { putAside } from '../store/quarantine.js';
import { sweepFolder } from '../sweeps/sweep-records.js';
import { exportReport } from '../sweeps/report-copy.js';
import { readSweepResult } from '../sweeps/sweep-results.js';
import { rebuildIndex } from '../verify/rebuild-index.js';
import { shardedFiles } from '../verify/stored-artifacts.js';
import { sweepFiles, type BundleHeader } from './bundle-format.js';
import { worksIn, type BundledRecord } from './bundled-records.js';
import { checkBundle } from './check-bundle.js';
import { unpackBundle } from './read-bundle.js';

const stagingPrefix = 'import-';

interface Target {
  readonly folder: DataFolder;
  readonly store: ArtifactStore;
  readonly lineage: LineageLog;
}

export interface ImportedBundle {
  readonly sweep: string;
  readonly head: string;
  /** Objects and records that the data folder did not have. */
  readonly objects: number;
  readonly records: number;
  /** The folder of the report; null if the sweep has none yet. */
  readonly report: string | null;
}

/**
 * Brings a sweep of a bundle into a data folder. It is unpacked beside the results and checked; before all of it has proved
 * to be sound, nothing enters. The caller holds the folder's lock. An import that is interrupted can be repeated.
 */
export async function importBundle(
  target: Target,
  path: string,
  onBytes: (done: number, of: number) => void,
): Promise<ImportedBundle> {
  const { root } = target.folder;
  await mkdir(root, { recursive: true });
  // A damaged log would look as if it had been checked.
  await target.lineage.read();
  for (const name of await readdir(root)) {
    if (name.startsWith(stagingPrefix)) await rm(join(root, name), { recursive: true, force: true });
  }
  const staging = dataFolderAt(await mkdtemp(join(root, stagingPrefix)));
  try {
    const header = await unpackBundle(path, staging, onBytes);
    const records = await checkBundle(path, staging, header);
    return await enter(target, staging, { header, records });
  } finally {
    await rm(staging.root, { recursive: true, force: true });
  }
}

/** Objects first, then records, then the index: what is interrupted leaves no result without a record. */
async function enter(
  { folder, store, lineage }: Target,
  staging: DataFolder,
  { header: { sweep, head }, records }: { readonly header: BundleHeader; readonly records: readonly BundledRecord[] },
): Promise<ImportedBundle> {
  let objects = 0;
  for (const { name, path } of await shardedFiles(staging.objects)) {
    const place = objectPath(folder, name);
    if (await hasFile(place)) {
      if (sha256OfFileSync(place) === name) continue;
      await putAside(folder, place);
    }
    await moveTo(path, place);
    objects++;
  }
  const known = new Set((await lineage.read()).map(({ previous: _, ...record }) => canonicalJson(record)));
  const fresh = records.filter(({ record }) => !known.has(canonicalJson(record)));
  await lineage.appendAll(
    'imported',
    fresh.map((one) => ({ head, ...one })),
  );
  await lineage.append('action', { action: 'import', sweep, units: [], digest: head, operator: operatorName() });
  await rebuildIndex(folder, store, worksIn(records));
  for (const file of sweepFiles) {
    const [from, to] = [staging, folder].map((one) => join(sweepFolder(one, sweep), file)) as [string, string];
    if ((await hasFile(from)) && !(await hasFile(to))) await moveTo(from, to);
  }
  const report = (await readSweepResult(folder, sweep))?.report ?? null;
  const exported = report === null ? null : await exportReport({ folder, store, lineage }, sweep, report);
  return { sweep, head, objects, records: fresh.length, report: exported };
}

async function moveTo(from: string, to: string): Promise<void> {
  await makeFolder(dirname(to));
  await rename(from, to);
  await flushFolder(dirname(to));
}
