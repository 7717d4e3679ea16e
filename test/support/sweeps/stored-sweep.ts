import type { ArtifactRef } from '../../../contracts/artifacts.js';
import { unitId, type UnitCoordinates } from '../../../domain/plan/units.js';
import type { ArtifactStore } from '../../../storage/store/artifact-store.js';
import type { WorkRecord } from '../../../storage/store/work-records.js';
import { recordSweep } from '../../../storage/sweeps/sweep-records.js';
import { writeSweepResult } from '../../../storage/sweeps/sweep-results.js';
import { keyOfRecord } from '../../../storage/verify/record-key.js';
import { contentOf, parsedTinyConfig } from './plan-of.js';
import type { TestStore } from './test-store.js';

/** A sweep in a store: its id, and the artifact of each unit. */
export interface StoredSweep {
  readonly id: string;
  readonly refs: ReadonlyMap<string, ArtifactRef>;
}

/** Stores a sweep of three units as a run would have left it, without computing anything. */
export async function storeSweep(
  { folder, store }: Pick<TestStore, 'folder'> & { readonly store: ArtifactStore },
  name = 'tiny',
): Promise<StoredSweep> {
  const content = contentOf(parsedTinyConfig({ name }));
  const { id } = await recordSweep(folder, store, { configPath: `/configs/${name}.yaml`, paths: new Map() }, content);
  const refs = new Map<string, ArtifactRef>();
  const put = async (step: string, coordinates: UnitCoordinates, needs: readonly string[]): Promise<ArtifactRef> => {
    const unit = unitId(step, coordinates);
    const inputs = needs.map((need) => ({ unit: need, digest: refs.get(need)?.digest ?? '' }));
    const facts = { sweep: id, step, unit, version: 1, parameters: { seed: 1, name }, inputs, environment: {} };
    const work: WorkRecord = { ...facts, key: keyOfRecord({ ...facts, key: '', digest: '' }) };
    const files = { 'data.bin': Buffer.from(`${name} ${unit}`) };
    const ref = await store.put(work, { files, summary: { unit, name } });
    refs.set(unit, ref);
    return ref;
  };
  const arm = { dataSet: 'flat', model: 'lr', loss: 'ce', fold: 1 };
  await put('train', arm, []);
  await put('evaluate', arm, ['train flat/lr/ce/fold-1']);
  const report = await put('report', {}, ['evaluate flat/lr/ce/fold-1']);
  const nothing = { steps: [], failures: [], blocked: 0, held: 0, stopping: 0, repaired: [] };
  await writeSweepResult(folder, id, { ...nothing, outcome: 'complete', report });
  return { id, refs };
}
