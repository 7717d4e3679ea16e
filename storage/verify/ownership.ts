import { existsSync } from 'node:fs';

import { objectPath, type DataFolder } from '../store/data-folder.js';
import type { LineageRecord } from '../store/lineage-records.js';
import type { RecordedWork } from '../store/work-records.js';
import { listSweeps, readSweepRecord } from '../sweeps/sweep-records.js';
import { readSweepResult } from '../sweeps/sweep-results.js';
import type { ArtifactManifest } from '../store/artifact-store.js';
import { readManifest, type IndexRecord } from './stored-artifacts.js';

/** What belongs to what in a data folder. */
export interface Ownership {
  /** The objects that something refers to, each with what it is to whom. */
  readonly owners: ReadonlyMap<string, readonly Owner[]>;
  /** The recorded works whose results the store has, by the digest of the result. */
  readonly works: ReadonlyMap<string, readonly RecordedWork[]>;
  /** Those of them that the index lacks, so that a run would do them again. */
  readonly unindexed: readonly RecordedWork[];
}

/** A unit, a sweep or a failure that needs an object, under this name. */
export interface Owner {
  readonly name: string;
  /** Digest of the artifact that it is a part of. */
  readonly artifact?: string;
  readonly sweep?: string;
}

/** Reads every manifest that the index refers to. */
export async function ownershipOf(
  folder: DataFolder,
  { records, index }: { readonly records: readonly LineageRecord[]; readonly index: readonly IndexRecord[] },
): Promise<Ownership> {
  const owners = new Map<string, Owner[]>();
  const works = new Map<string, RecordedWork[]>();
  const own = (digest: string, owner: Owner): void => {
    owners.set(digest, [...(owners.get(digest) ?? []), owner]);
  };
  // The last record of a key is the one that the index has.
  const latest = new Map<string, RecordedWork>();
  for (const record of records) if (record.kind === 'artifact') latest.set(record.spec.key, record.spec);
  const ownFiles = (unit: string, digest: string, files: ArtifactManifest['files']): void => {
    own(digest, { name: `${unit}: its manifest`, artifact: digest });
    for (const [file, blob] of Object.entries(files)) own(blob.digest, { name: `${unit}: ${file}`, artifact: digest });
  };
  const indexed = new Set<string>();
  for (const { ref } of index) {
    if (ref === undefined) continue;
    const { digest, key } = ref;
    indexed.add(key);
    const work = latest.get(key);
    if (work?.digest === digest) works.set(digest, [...(works.get(digest) ?? []), work]);
    ownFiles(work?.unit ?? ref.step, digest, (await readManifest(folder, digest))?.files ?? {});
  }
  const unindexed: RecordedWork[] = [];
  for (const work of latest.values()) {
    const manifest = indexed.has(work.key) ? undefined : await readManifest(folder, work.digest);
    // Without its manifest, the result has been removed.
    if (manifest === undefined) continue;
    if (Object.values(manifest.files).every(({ digest }) => existsSync(objectPath(folder, digest))))
      unindexed.push(work);
    works.set(work.digest, [...(works.get(work.digest) ?? []), work]);
    ownFiles(work.unit, work.digest, manifest.files);
  }
  for (const record of records) {
    if (record.kind === 'failure' && record.spec.words !== null) {
      own(record.spec.words, { name: `${record.spec.unit}: the words of a failure` });
    }
  }
  for (const id of await listSweeps(folder)) {
    const specification = await readSweepRecord(folder, id).then(
      (sweep) => sweep.specification,
      () => undefined,
    );
    if (specification !== undefined) own(specification, { name: `${id}: its config`, sweep: id });
  }
  return { owners, works, unindexed };
}

/** The units whose results were computed from these artifacts, directly or not, and the sweeps that need them. */
export async function dependentsOf(
  folder: DataFolder,
  { works }: Ownership,
  artifacts: readonly string[],
): Promise<{ readonly units: string[]; readonly sweeps: string[] }> {
  const all = [...works.values()].flat();
  const touched = new Set(artifacts);
  const found = new Set<RecordedWork>();
  for (let before = -1; before < found.size;) {
    before = found.size;
    for (const work of all) {
      if (found.has(work) || !work.inputs.some((input) => touched.has(input.digest))) continue;
      found.add(work);
      touched.add(work.digest);
    }
  }
  const makers = artifacts.flatMap((digest) => works.get(digest) ?? []);
  const named = new Set([...makers, ...found].map(({ sweep }) => sweep));
  const sweeps: string[] = [];
  for (const id of await listSweeps(folder)) {
    const report = (await readSweepResult(folder, id))?.report?.digest;
    if (named.has(id) || (report !== undefined && touched.has(report))) sweeps.push(id);
  }
  return { units: [...new Set([...found].map(({ unit }) => unit))].sort(), sweeps };
}
