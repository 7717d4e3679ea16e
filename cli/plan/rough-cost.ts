import { mostTrainingSeconds } from '../../domain/plan/training-cost.js';
import { parseUnitName } from '../../domain/plan/unit-name.js';
import { operationsPerImage } from '../../domain/training/networks/arithmetic.js';
import { describeNetwork } from '../../domain/training/networks/describe-network.js';
import { parameterCount } from '../../domain/training/networks/parameter-layout.js';
import type { SweepPlan } from '../../steps/planning/plan-sweep.js';
import { preprocess } from '../../steps/preprocess.js';
import { cropShapeOf } from '../../steps/training/unit-cases.js';
import type { SweepContent } from '../../storage/sweeps/sweep-content.js';
import { armsToRun } from './arms-to-run.js';

/** What processors reach with convolutions, by thread: within a factor of three or so. */
const operationsPerSecond = 2e10;

/** What a batch or an image takes, however small: calls of kernels, above all. */
const leastSeconds = 0.005;

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
  const { dataSets, network, numerics, split, training } = config;
  let [seconds, diskBytes] = [0, 0];
  for (const dataSet of dataSets) {
    const { name, modalities, phantom, preprocessing } = dataSet;
    const cases = plan.scans.get(name)?.found.cases.length ?? phantom?.cases ?? 0;
    const voxels = preparedVoxels.get(name) ?? 0;
    const channels = modalities.length;
    const isPrepared = plan.works.every(({ step, unit, cached }) => {
      return step !== preprocess.name || cached || parseUnitName(unit)?.coordinates.dataSet !== name;
    });
    // The label is a byte, or in single precision where a voxel may be covered in part.
    if (!isPrepared) diskBytes += voxels * bytesOfFloat * (channels + 1);
    for (const { model, trainings } of armsToRun(plan, config).filter((arm) => arm.dataSet === name)) {
      const crop = cropShapeOf(preprocessing.crop);
      const dimensions = preprocessing.crop.length === 2 ? 2 : 3;
      const own = describeNetwork({ model, dimensions, channels, upsampling: network.upsampling });
      const forward = operationsPerImage(own, crop) / (operationsPerSecond * numerics.threads);
      const { batchSize, maxEpochs, validation } = training;
      seconds += mostTrainingSeconds(
        { ...{ trainings, cases, folds: split.folds, batchSize, maxEpochs }, innerValidation: validation === 'inner' },
        // Gradients by values and by weights take as long as the forward pass each.
        { stepSeconds: leastSeconds + 3 * batchSize * forward, validationSeconds: leastSeconds + forward },
      );
      diskBytes += trainings * parameterCount(own) * bytesOfFloat;
      diskBytes += ((voxels * trainings) / split.folds) * bytesOfFloat;
    }
  }
  return { seconds, diskBytes };
}
