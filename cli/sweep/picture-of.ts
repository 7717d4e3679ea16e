import { planUnits, type PlannedUnit } from '../../domain/plan/units.js';
import { pipeline, specificationOf } from '../../steps/pipeline.js';
import type { LineageRecord } from '../../storage/store/lineage-records.js';
import { readSweepContent, type SweepContent } from '../../storage/sweeps/sweep-content.js';
import type { SweepRecord } from '../../storage/sweeps/sweep-records.js';
import { timeLeftOf } from '../plan/time-left-of.js';
import type { Project } from '../project.js';
import { SweepPicture } from './sweep-picture.js';

/** The picture of a sweep of which nothing has been told yet. `records`: all of the lineage. */
export async function pictureOf(
  { store }: Pick<Project, 'store'>,
  record: SweepRecord,
  records: readonly LineageRecord[],
): Promise<SweepPicture> {
  const content = await readSweepContent(store, record.specification);
  return new SweepPicture(unitsOfArms(content), await timeLeftOf(store, record, records));
}

/** The units of a sweep that belong to a fold of an arm, in the order of the plan. */
export function unitsOfArms(content: SweepContent): readonly PlannedUnit[] {
  const { models, losses, folds, repeats = 1, dataSets } = specificationOf(content);
  // How many cases there are, and so how many shards, does not bear on arms.
  const shape = { models, losses, folds, repeats, dataSets: dataSets.map((name) => ({ name, shards: 0 })) };
  return planUnits(pipeline, shape).filter(({ coordinates }) => coordinates.fold !== undefined);
}
