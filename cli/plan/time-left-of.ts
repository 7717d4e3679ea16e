import { TimeLeft } from '../../domain/plan/time-left.js';
import { alikeUnits } from '../../steps/provenance/alike-units.js';
import type { ArtifactStore } from '../../storage/store/artifact-store.js';
import type { LineageRecord } from '../../storage/store/lineage-records.js';
import { readSweepContent } from '../../storage/sweeps/sweep-content.js';
import type { SweepRecord } from '../../storage/sweeps/sweep-records.js';
import { roughUnits } from './rough-units.js';

/** Cases of a data set that is not a phantom, for the arithmetic: models are compared, so that it hardly matters. */
const usualCases = 50;

/** The estimate of how long a sweep still takes, from what earlier units took and from the arithmetic of its networks. */
export async function timeLeftOf(
  store: ArtifactStore,
  { specification }: Pick<SweepRecord, 'specification'>,
  records: readonly LineageRecord[],
): Promise<TimeLeft> {
  const content = await readSweepContent(store, specification);
  const { config } = content;
  const phantoms = new Map(config.dataSets.map(({ name, phantom }) => [name, phantom?.cases]));
  const rough = roughUnits(config, (dataSet) => phantoms.get(dataSet) ?? usualCases);
  return new TimeLeft(alikeUnits(records, content), rough);
}
