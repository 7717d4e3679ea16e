import type { Config } from '../../configs/config-schema.js';
import { mostTrainingSeconds } from '../../domain/plan/training-cost.js';
import { parseUnitName } from '../../domain/plan/unit-name.js';
import { operationsPerImage } from '../../domain/training/networks/arithmetic.js';
import { describeNetwork } from '../../domain/training/networks/describe-network.js';
import type { ModelName } from '../../domain/training/networks/network.js';
import { evaluate } from '../../steps/evaluate.js';
import { train } from '../../steps/train.js';
import { cropShapeOf, networkBefore } from '../../steps/training/unit-cases.js';

/** What processors reach with convolutions, by thread: within a factor of three or so. */
const operationsPerSecond = 2e10;

/** What a batch or an image takes, however small: calls of kernels, above all. */
const leastSeconds = 0.001;

/** Of any unit, to start and to store its result. */
const unitSeconds = 0.25;

/** What evaluating a case takes beside the network. */
const evaluationSeconds = 0.02;

/**
 * Seconds that a training or evaluation takes by its network's arithmetic, if a training goes on for all epochs; right to a
 * factor of four or so. `casesOf`: cases of a data set.
 */
export function roughUnits(config: Config, casesOf: (dataSet: string) => number): (unit: string) => number | undefined {
  const { dataSets, network, numerics, split, training } = config;
  const known = new Map<string, number>();
  const forwardSeconds = (dataSet: string, model: ModelName): number => {
    const own = dataSets.find(({ name }) => name === dataSet);
    if (own === undefined) return 0;
    const described = describeNetwork(networkBefore(model, own, network));
    const operations = operationsPerImage(described, cropShapeOf(own.preprocessing.crop));
    return operations / (operationsPerSecond * numerics.threads);
  };
  const secondsOf = (step: string, dataSet: string, model: ModelName): number => {
    const forward = forwardSeconds(dataSet, model);
    const cases = casesOf(dataSet);
    if (step === evaluate.name) return (cases / split.folds) * (forward + leastSeconds + evaluationSeconds);
    const { batchSize, maxEpochs, validation } = training;
    return mostTrainingSeconds(
      { ...{ trainings: 1, cases, folds: split.folds, batchSize, maxEpochs }, innerValidation: validation === 'inner' },
      // Gradients by values and by weights take as long as the forward pass each.
      { stepSeconds: leastSeconds + 3 * batchSize * forward, validationSeconds: leastSeconds + forward },
    );
  };
  return (unit) => {
    const { step = '', coordinates } = parseUnitName(unit) ?? {};
    const { dataSet = '', model } = coordinates ?? {};
    if (![train.name, evaluate.name].includes(step) || model === undefined) return undefined;
    if (!dataSets.some(({ name }) => name === dataSet) || !config.arms.models.includes(model as ModelName))
      return undefined;
    const kind = [step, dataSet, model].join(' ');
    const seconds = known.get(kind) ?? unitSeconds + secondsOf(step, dataSet, model as ModelName);
    known.set(kind, seconds);
    return seconds;
  };
}
