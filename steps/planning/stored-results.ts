import type { ArtifactRef } from '../../contracts/artifacts.js';
import { SweepState } from '../../domain/plan/sweep-state.js';
import { planUnits, shardCount, unitId, type PlannedUnit, type SweepShape } from '../../domain/plan/units.js';
import type { ArtifactStore } from '../../storage/store/artifact-store.js';
import type { SweepContent } from '../../storage/sweeps/sweep-content.js';
import { compare } from '../compare.js';
import { join } from '../join.js';
import { pipeline, specificationOf } from '../pipeline.js';
import { report } from '../report.js';
import { scan } from '../scan.js';
import { summaryOf } from '../step-inputs.js';

/** The units of a sweep that measure, and which of them the store has results of. */
export interface StoredResults {
  /** All but those that join, compare and report, each after those that it needs. */
  readonly units: readonly PlannedUnit[];
  readonly results: ReadonlyMap<string, ArtifactRef>;
}

const joining: readonly string[] = [join.name, compare.name, report.name];
const measuring = pipeline.filter(({ name }) => !joining.includes(name));

/**
 * What the store has of a sweep. Unlike `planSweep`, it takes data sets as they were last scanned and opens none of them, so
 * that it can be asked at any time, and where the data sets are not. Computes and writes nothing.
 */
export async function storedResults(store: ArtifactStore, content: SweepContent): Promise<StoredResults> {
  const { parameters, models, losses, folds, repeats = 1, dataSets: names } = specificationOf(content);
  const state = new SweepState(measuring, parameters);
  const shape = (shards: ReadonlyMap<string, number>): SweepShape => ({
    ...{ models, losses, folds, repeats },
    dataSets: names.map((name) => ({ name, shards: shards.get(name) ?? 0 })),
  });
  state.add(planUnits([scan], shape(new Map())));
  await lookUp(store, state);
  // A plan grows once the scans have counted the cases.
  const shards = new Map<string, number>();
  for (const dataSet of names) {
    const ref = state.result(unitId(scan.name, { dataSet }));
    if (ref === undefined) continue;
    const { cases } = summaryOf(scan, (await store.manifest(ref.digest)).summary, `the scan of ${dataSet}`);
    shards.set(dataSet, shardCount(cases.length));
  }
  state.add(planUnits(measuring, shape(shards)));
  const results = await lookUp(store, state);
  return { units: state.all().map(({ unit }) => unit), results };
}

/** Looks up each unit whose inputs are there, and returns the results of all. */
async function lookUp(store: ArtifactStore, state: SweepState): Promise<Map<string, ArtifactRef>> {
  for (let ready = state.takeReady(); ready.length > 0; ready = state.takeReady()) {
    const found = await Promise.all(ready.map(({ key }) => store.find(key)));
    for (const [index, { unit }] of ready.entries()) {
      const ref = found[index];
      if (ref !== undefined) state.complete(unit.id, ref, 'cached');
    }
  }
  const known = state.all().map(({ unit }) => [unit.id, state.result(unit.id)] as const);
  return new Map(known.flatMap(([id, ref]) => (ref === undefined ? [] : [[id, ref] as const])));
}
