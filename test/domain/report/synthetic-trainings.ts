import type { HistoryRow } from '../../../domain/training/training-progress.js';
import type { TrainingCurve } from '../../../domain/report/learning/training-curve.js';

/** A training with the given validation losses; the training losses are half of them, the rate drops to a fifth after epoch 2. */
export function syntheticTraining(
  validationLosses: readonly number[],
  place: Partial<TrainingCurve> = {},
): TrainingCurve {
  const { dataSet, model, loss, fold, repeat } = {
    ...{ dataSet: 'phantom-2d-high', model: 'unet', loss: 'sd', fold: 0, repeat: 0 },
    ...place,
  };
  const history = validationLosses.map((validationLoss, index): HistoryRow => ({
    ...{ epoch: index + 1, validationLoss, trainingLoss: validationLoss / 2 },
    learningRate: index < 2 ? 0.01 : 0.002,
  }));
  return {
    ...{ dataSet, model, loss, fold, repeat, unit: `train ${dataSet}/${model}/${loss}/fold-${fold}`, history },
    bestEpoch: validationLosses.indexOf(Math.min(...validationLosses)) + 1,
    stoppedBecause: 'noImprovement',
  };
}
