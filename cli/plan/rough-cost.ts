import type { Config } from '../../configs/config-schema.js';
import { parseUnitName } from '../../domain/plan/unit-name.js';
import { trainingPlace, unitId } from '../../domain/plan/units.js';
import { describeNetwork } from '../../domain/training/networks/describe-network.js';
import { parameterCount } from '../../domain/training/networks/parameter-layout.js';
import type { SweepPlan } from '../../steps/planning/plan-sweep.js';
import { preprocess } from '../../steps/preprocess.js';
import { networkBefore } from '../../steps/training/unit-cases.js';
import { train } from '../../steps/train.js';
import type { SweepContent } from '../../storage/sweeps/sweep-content.js';
import { armsToRun } from './arms-to-run.js';
import { roughUnits } from './rough-units.js';

/** Bytes of a number in single precision. */
const bytesOfFloat = 4;

export interface RoughCost {
  /** Seconds of all trainings, one after the other, if each goes on for all epochs. */
  readonly seconds: number;
  /** Bytes that the results of the units to run take on disk at most: predictions compress by a little or by much. */
  readonly diskBytes: number;
}

/**
 * A rough figure of what a run will cost, from the arithmetic of its networks and the size of its images, before anything
 * has run. `preparedVoxels`: of all cases of a data set together, by its name.
 */
export function roughCost(
  { config }: SweepContent,
  plan: SweepPlan,
  preparedVoxels: ReadonlyMap<string, number>,
): RoughCost {
  const { dataSets, network, split } = config;
  const rough = roughUnits(config, (name) => casesOf(config, plan, name));
  let [seconds, diskBytes] = [0, 0];
  for (const dataSet of dataSets) {
    const { name, modalities } = dataSet;
    const voxels = preparedVoxels.get(name) ?? 0;
    const isPrepared = plan.works.every(({ step, unit, cached }) => {
      return step !== preprocess.name || cached || parseUnitName(unit)?.coordinates.dataSet !== name;
    });
    // The label is a byte, or in single precision where a voxel may be covered in part.
    if (!isPrepared) diskBytes += voxels * bytesOfFloat * (modalities.length + 1);
    for (const { model, loss, trainings } of armsToRun(plan, config).filter((arm) => arm.dataSet === name)) {
      const own = describeNetwork(networkBefore(model, dataSet, network));
      seconds += trainings * (rough(unitId(train.name, { dataSet: name, model, loss, ...trainingPlace(0, 0) })) ?? 0);
      diskBytes += trainings * parameterCount(own) * bytesOfFloat;
      diskBytes += ((voxels * trainings) / split.folds) * bytesOfFloat;
    }
  }
  return { seconds, diskBytes };
}

/** Cases of a data set, as found or as they will be drawn. */
export function casesOf({ dataSets }: Config, { scans }: SweepPlan, dataSet: string): number {
  return scans.get(dataSet)?.found.cases.length ?? dataSets.find(({ name }) => name === dataSet)?.phantom?.cases ?? 0;
}
