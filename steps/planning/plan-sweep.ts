import { SweepState } from '../../domain/plan/sweep-state.js';
import { planUnits, shardCount } from '../../domain/plan/units.js';
import type { PlannedWork } from '../../domain/lineage/planned-work.js';
import type { CaseFiles } from '../../storage/datasets/case-files.js';
import { scanCases, scanLocated, type Scan } from '../../storage/datasets/scan-cases.js';
import { FileDigests } from '../../storage/files/file-digests.js';
import type { ArtifactStore } from '../../storage/store/artifact-store.js';
import type { DataFolder } from '../../storage/store/data-folder.js';
import { manifestDigest } from '../../storage/store/local-artifact-store.js';
import { lineageOf } from '../../storage/store/shared/open-store.js';
import type { SweepContent } from '../../storage/sweeps/sweep-content.js';
import { locationOf, type SweepRecord } from '../../storage/sweeps/sweep-records.js';
import { pipeline, specificationOf, stepNamed } from '../pipeline.js';
import { scan } from '../scan.js';

export interface SweepPlan {
  /** Every unit, after those that it needs. */
  readonly works: readonly PlannedWork[];
  /** What the scans found, by data set; a phantom that has not been drawn yet is missing. */
  readonly scans: ReadonlyMap<string, { readonly found: Scan; readonly digest: string }>;
}

/**
 * What a run of a sweep would compute and what the store has. A result that the store has lost is expected to be the one
 * that the log records, so that what was computed from it counts as cached. Scans the data sets, and computes and writes nothing else.
 * DATA_SET_INVALID if a data set is not there. `located`: where the cases of data sets are, if that has just been found.
 */
export async function planSweep(
  { folder, store }: { readonly folder: DataFolder; readonly store: ArtifactStore },
  content: SweepContent,
  record: SweepRecord,
  located: ReadonlyMap<string, readonly CaseFiles[]> = new Map(),
): Promise<SweepPlan> {
  const specification = specificationOf(content);
  const scans = await scanDataSets(folder, { content, record, located });
  const dataSets = content.config.dataSets.map(({ name, phantom }) => ({
    name,
    // Of a phantom that has not been drawn, the number of cases is known, but not their bytes.
    shards: shardCount(scans.get(name)?.found.cases.length ?? phantom?.cases ?? 0),
  }));
  const { models, losses, folds, repeats = 1 } = specification;
  const state = new SweepState(pipeline, specification.parameters);
  state.add(planUnits(pipeline, { models, losses, folds, repeats, dataSets }));
  const recorded = recordedResults(folder);
  const works = new Map<string, Pick<PlannedWork, 'key' | 'digest' | 'cached'>>();
  for (let ready = state.takeReady(); ready.length > 0; ready = state.takeReady()) {
    // At once: each look takes a few files, one after the other.
    const found = await Promise.all(ready.map(({ key }) => store.find(key)));
    for (const [index, { unit, key }] of ready.entries()) {
      const { step, id } = unit;
      const stored = found[index];
      // A scan is always done again: what it finds is its result, whether the store has it or not.
      const digest = (step === scan.name ? scans.get(unit.coordinates.dataSet ?? '')?.digest : stored?.digest) ?? null;
      const cached = digest !== null && stored?.digest === digest;
      works.set(id, { key, digest, cached });
      const expected = digest ?? (await recorded(key));
      if (expected !== undefined) state.complete(id, { step, key, digest: expected }, cached ? 'cached' : 'done');
    }
  }
  return {
    scans,
    works: state.all().map(({ unit: { id, step, coordinates, needs } }) => ({
      ...{ unit: id, step, version: stepNamed(step).version },
      parameters: stepNamed(step).settingsAt(content, coordinates),
      inputs: needs.map((need) => ({ unit: need, digest: state.result(need)?.digest ?? null })),
      ...(works.get(id) ?? { key: null, digest: null, cached: false }),
    })),
  };
}

/** Finds the digest of the last recorded result of a key. Reads the log when it is first asked. */
function recordedResults(folder: DataFolder): (key: string) => Promise<string | undefined> {
  let known: ReadonlyMap<string, string> | undefined;
  return async (key) => {
    known ??= new Map(
      (await lineageOf(folder).inspect()).records.flatMap(({ kind, spec }) =>
        kind === 'artifact' ? [[spec.key, spec.digest] as const] : [],
      ),
    );
    return known.get(key);
  };
}

async function scanDataSets(
  folder: DataFolder,
  {
    content,
    record,
    located,
  }: { content: SweepContent; record: SweepRecord; located: ReadonlyMap<string, readonly CaseFiles[]> },
): Promise<Map<string, { found: Scan; digest: string }>> {
  const digests = new FileDigests(folder.fileDigests);
  const scans = await Promise.all(
    content.config.dataSets.map(async (dataSet) => {
      const location = locationOf(folder, content, record, dataSet.name);
      const cases = located.get(dataSet.name);
      const found = await (cases === undefined
        ? scanCases(dataSet, location, digests)
        : scanLocated(cases, location, { digests }));
      return { name: dataSet.name, found };
    }),
  );
  return new Map(
    scans.flatMap(({ name, found }) =>
      found === undefined ? [] : [[name, { found, digest: manifestDigest({ files: {}, summary: found }) }] as const],
    ),
  );
}
