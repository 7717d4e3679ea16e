import { gatherStatistics } from '../../../activities/gather-statistics.js';
import type { StepOutput, StepWork } from '../../../activities/activity-context.js';
import type { StepRequest } from '../../../contracts/activities.js';
import type { StepName } from '../../../contracts/pipeline.js';
import { configSchema, type Config } from '../../../configs/config-schema.js';
import type { UnitCoordinates } from '../../../domain/plan/units.js';
import { unitId } from '../../../domain/plan/units.js';
import { scanCases, type Scan } from '../../../storage/datasets/scan-cases.js';
import { FileDigests } from '../../../storage/files/file-digests.js';
import { readPreparedVoxels, type PreparedVoxels } from '../../../storage/cases/prepared-cases.js';
import { recordSweep } from '../../../storage/sweeps/sweep-records.js';
import type { StatisticsSummary } from '../../../storage/cases/unit-cases.js';
import { preprocessJob } from '../../../worker/jobs/preprocess-job.js';
import { openTestStore } from '../sweeps/test-store.js';
import { tinyConfig } from '../sweeps/tiny-config.js';

export interface PreparedDataSet {
  readonly scan: Scan;
  readonly statistics: StatisticsSummary;
  voxels(id: string): Promise<PreparedVoxels>;
}

/** A config with one data set "own", given in part. */
export function configOf(dataSet: Readonly<Record<string, unknown>>): Config {
  return configSchema.parse({ ...tinyConfig({}), dataSets: [{ name: 'own', ...dataSet }] });
}

/** Finds, prepares and gathers a data set as a sweep does: scan, the preprocess job, statistics. */
export async function prepareDataSet(
  dataFolder: string,
  dataSet: Readonly<Record<string, unknown>>,
): Promise<PreparedDataSet> {
  const { folder, store } = openTestStore(dataFolder);
  const config = configOf(dataSet);
  const content = { config, importedFolds: null, environment: null };
  const place = { configPath: `${dataFolder}/config.yaml`, paths: new Map<string, string>() };
  const record = await recordSweep(folder, store, place, content);
  const [own] = config.dataSets;
  const location = record.locations.own;
  if (own === undefined || location === undefined) throw new Error('there is no data set');
  const scan = await scanCases(own, location, new FileDigests(folder.fileDigests));
  if (scan === undefined) throw new Error('nothing was found');

  const requestOf = (coordinates: UnitCoordinates, inputs: StepRequest['inputs']): StepRequest => ({
    sweepId: record.id,
    specification: record.specification,
    coordinates,
    key: '',
    inputs,
    gaps: [],
  });
  const put = async (step: StepName, coordinates: UnitCoordinates, made: Pick<StepOutput, 'files' | 'summary'>) => {
    const unit = unitId(step, coordinates);
    const key = step.charCodeAt(0).toString(16).repeat(32);
    const work = { step, key, unit, version: 1, parameters: {}, inputs: [], environment: {} };
    return { unit, ref: await store.put(work, made) };
  };
  const atDataSet = { dataSet: 'own' };
  const scanned = await put('scan', atDataSet, { files: {}, summary: scan });
  const shard = { ...atDataSet, shard: 0 };
  const context = { folder, store, signal: new AbortController().signal, onProgress: () => undefined };
  const made = await preprocessJob({ ...context, request: requestOf(shard, [scanned]) });
  const prepared = await put('preprocess', shard, made);
  // The step reads its request and the store, nothing else.
  const work = { context: { store }, request: requestOf(atDataSet, [scanned, prepared]) } as unknown as StepWork;
  const statistics = (await gatherStatistics(work)).summary as StatisticsSummary;
  return {
    scan,
    statistics,
    voxels: async (id) => {
      const found = statistics.cases.find((one) => one.id === id);
      if (found === undefined) throw new Error(`case ${id} is not among the prepared ones`);
      return readPreparedVoxels(store, found.artifact);
    },
  };
}
