import { explainUnits } from '../../domain/lineage/explain-units.js';
import type { Explanation } from '../../domain/lineage/explanation.js';
import { casesOfScan } from '../../storage/datasets/scan-cases.js';
import { checkpointEpoch } from '../../storage/store/checkpoint-epoch.js';
import type { DataFolder } from '../../storage/store/data-folder.js';
import { lineageOf } from '../../storage/store/shared/open-store.js';
import { readManifest } from '../../storage/verify/stored-artifacts.js';
import { datedWorks } from '../provenance/recorded.js';
import { scan } from '../scan.js';
import type { SweepPlan } from './plan-sweep.js';

/** Why each unit of a plan is cached, or why a run would compute it. Damaged lines of the log do not count. */
export async function explainSweep(folder: DataFolder, { works, scans }: SweepPlan): Promise<Explanation[]> {
  const recorded = datedWorks((await lineageOf(folder).inspect()).records);
  const casesOfScans = new Map([...scans.values()].map(({ found, digest }) => [digest, casesOfScan(found)]));
  const units = new Set(works.filter(({ step }) => step === scan.name).map(({ unit }) => unit));
  for (const { unit, digest } of recorded) {
    if (!units.has(unit) || casesOfScans.has(digest)) continue;
    const { success, data } = scan.summary.safeParse((await readManifest(folder, digest))?.summary);
    if (success) casesOfScans.set(digest, casesOfScan(data));
  }
  const checkpoints = new Map<string, number>();
  for (const { key, cached } of works) {
    const epoch = cached || key === null ? undefined : await checkpointEpoch(folder, key);
    if (key !== null && epoch !== undefined) checkpoints.set(key, epoch);
  }
  return explainUnits({ planned: works, recorded, casesOfScans, checkpoints });
}
