import { DomainError } from '../../domain/domain-error.js';
import { worksBehind, type RecordedWork } from '../store/work-records.js';
import { readSweepRecord } from '../sweeps/sweep-records.js';
import { readSweepResult } from '../sweeps/sweep-results.js';
import type { StoreView } from './verify-store.js';

/** The works whose results a sweep needs: those behind its report, or, before there is one, what was done for it. */
export async function worksOfSweep({ folder, ownership }: StoreView, id: string): Promise<RecordedWork[]> {
  const all = [...ownership.works.values()].flat();
  const report = (await readSweepResult(folder, id))?.report ?? undefined;
  const known = report === undefined ? [] : (ownership.works.get(report.digest) ?? []);
  const results = known.length > 0 ? known : all.filter(({ sweep }) => sweep === id);
  return worksBehind(all, results);
}

/** The digests of all objects that a sweep needs. ARGUMENT_INVALID if there is no such sweep. */
export async function objectsOfSweep(view: StoreView, id: string): Promise<Set<string>> {
  const sweep = await readSweepRecord(view.folder, id).catch((error: unknown) => {
    // A damaged record is a finding of its own.
    if (error instanceof DomainError && error.code === 'STORE_CORRUPT') return undefined;
    throw error;
  });
  const artifacts = new Set((await worksOfSweep(view, id)).map(({ digest }) => digest));
  const objects = new Set(sweep === undefined ? [] : [sweep.specification]);
  for (const [digest, owners] of view.ownership.owners) {
    if (owners.some(({ artifact }) => artifact !== undefined && artifacts.has(artifact))) objects.add(digest);
  }
  return objects;
}
