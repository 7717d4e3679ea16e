import { DomainError } from '../../domain/domain-error.js';
import { neededOf, type Needed } from '../../storage/gc/needed.js';
import type { ArtifactStore } from '../../storage/store/artifact-store.js';
import type { DataFolder } from '../../storage/store/data-folder.js';
import type { LineageRecord } from '../../storage/store/lineage-records.js';
import { worksBehind } from '../../storage/store/work-records.js';
import { readSweepContent } from '../../storage/sweeps/sweep-content.js';
import { readSweepRecord } from '../../storage/sweeps/sweep-records.js';
import { readSweepResult } from '../../storage/sweeps/sweep-results.js';
import { datedWorks } from '../provenance/recorded.js';
import { planSweep, type SweepPlan } from './plan-sweep.js';

/**
 * What sweeps need of a data folder: what is behind their reports, what was done for them, and what their runs would find
 * in the store. The plan of a complete sweep is not needed, so its data sets may be gone; those of others must be there.
 */
export async function neededBySweeps(
  { folder, store }: { readonly folder: DataFolder; readonly store: ArtifactStore },
  records: readonly LineageRecord[],
  sweeps: readonly string[],
): Promise<Needed> {
  const works = datedWorks(records);
  const [keys, artifacts] = [new Set<string>(), new Set<string>()];
  for (const id of sweeps) {
    const result = await readSweepResult(folder, id);
    const made = result?.report ?? undefined;
    const results = made === undefined ? [] : [{ unit: made.step, digest: made.digest }];
    const own = works.filter((work) => work.sweep === id);
    for (const work of [...own, ...worksBehind(works, [...results, ...own])]) {
      keys.add(work.key);
      artifacts.add(work.digest);
    }
    const plan = await planOf({ folder, store }, id, result?.outcome === 'complete');
    for (const { key, digest } of plan?.works ?? []) {
      if (key !== null) keys.add(key);
      if (digest !== null) artifacts.add(digest);
    }
  }
  return neededOf(folder, records, { sweeps, keys, artifacts });
}

async function planOf(
  project: { readonly folder: DataFolder; readonly store: ArtifactStore },
  id: string,
  isComplete: boolean,
): Promise<SweepPlan | undefined> {
  const record = await readSweepRecord(project.folder, id);
  try {
    return await planSweep(project, await readSweepContent(project.store, record.specification), record);
  } catch (error) {
    if (!(error instanceof DomainError) || isComplete) return undefined;
    const message = `what ${id} still needs is not known, because it cannot be planned: ${error.message}`;
    throw new DomainError(error.code, message);
  }
}
