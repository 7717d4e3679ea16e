import type { StepRequest } from '../../../contracts/activities.js';
import { configSchema, type Config } from '../../../configs/config-schema.js';
import { structureDataSetName } from '../../../configs/expand-structures.js';
import { unitId, type UnitCoordinates } from '../../../domain/plan/units.js';
import { preprocess } from '../../../steps/preprocess.js';
import { runUnit } from '../../../steps/run-unit.js';
import { scan } from '../../../steps/scan.js';
import { statistics } from '../../../steps/statistics.js';
import type { PipelineStep, SummaryOf } from '../../../steps/step.js';
import { stepInputs, type StepInput } from '../../../steps/step-inputs.js';
import { surroundingsOf } from '../../../steps/surroundings.js';
import { readPreparedVoxels, type PreparedVoxels } from '../../../storage/cases/prepared-cases.js';
import { recordSweep } from '../../../storage/sweeps/sweep-records.js';
import { openTestStore } from '../sweeps/test-store.js';
import { tinyConfig } from '../sweeps/tiny-config.js';

export interface PreparedDataSet {
  readonly scan: SummaryOf<typeof scan>;
  readonly preprocess: SummaryOf<typeof preprocess>;
  readonly statistics: SummaryOf<typeof statistics>;
  voxels(id: string): Promise<PreparedVoxels>;
}

/** A config with one data set, given in part; its name is "own" unless that is given. */
export function configOf(dataSet: Readonly<Record<string, unknown>>): Config {
  return configSchema.parse({ ...tinyConfig({}), dataSets: [{ name: 'own', ...dataSet }] });
}

/**
 * Finds, prepares and gathers a data set as a sweep does: scan, one shard of preprocess, statistics. With a `structure`, it
 * is that one of several in the config.
 */
export async function prepareDataSet(
  dataFolder: string,
  dataSet: Readonly<Record<string, unknown>>,
  structure?: string,
): Promise<PreparedDataSet> {
  const { folder, store, lineage } = openTestStore(dataFolder);
  const name = structure === undefined ? 'own' : structureDataSetName('own', structure);
  const content = {
    ...{ config: configOf({ ...dataSet, name }), importedFolds: null, environment: null },
    ...(structure !== undefined && { structuresOf: { [name]: 'own' } }),
  };
  const place = { configPath: `${dataFolder}/config.yaml`, paths: new Map<string, string>() };
  const record = await recordSweep(folder, store, place, content);
  const { signal } = new AbortController();
  const inputs: StepRequest['inputs'][number][] = [];

  async function run<Summary>(
    step: PipelineStep<Summary>,
    coordinates: UnitCoordinates,
  ): Promise<StepInput<Summary>> {
    const key = step.name.charCodeAt(0).toString(16).repeat(32);
    const sweep = { sweepId: record.id, specification: record.specification };
    const request = { ...sweep, coordinates, key, inputs: [...inputs], gaps: [] };
    const here = { store, lineage, folder, environment: {}, signal, onProgress: () => undefined };
    const { ref } = await runUnit({ step, request, content }, await surroundingsOf(request, content, here));
    const input = { unit: unitId(step.name, coordinates), ref };
    inputs.push(input);
    return stepInputs(store, [input]).one(step);
  }

  const scanned = await run(scan, { dataSet: name });
  const shard = await run(preprocess, { dataSet: name, shard: 0 });
  const gathered = await run(statistics, { dataSet: name });
  return {
    scan: scanned.summary,
    preprocess: shard.summary,
    statistics: gathered.summary,
    voxels: async (id) => {
      const found = gathered.summary.cases.find((one) => one.id === id);
      if (found === undefined) throw new Error(`case ${id} is not among the prepared ones`);
      return readPreparedVoxels(store, found.artifact);
    },
  };
}
