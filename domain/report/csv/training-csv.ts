import { stringify } from 'csv-stringify/sync';

import type { TrainingCurve } from '../learning/training-curve.js';

const armColumns = ['dataSet', 'model', 'loss', 'fold'] as const;
const epochColumns = ['epoch', 'trainingLoss', 'validationLoss', 'learningRate'] as const;

/**
 * A row for each epoch of each training, in full precision; `chosen` is 1 for the epoch whose network is evaluated and 0
 * for the others. A sweep with repeats has a column for them, as in cases.csv.
 */
export function trainingCsv(trainings: readonly TrainingCurve[], repeats: number): string {
  const repeated = repeats > 1;
  const columns = [...armColumns, ...(repeated ? ['repeat'] : []), ...epochColumns, 'chosen'];
  const lines = trainings.flatMap(({ history, bestEpoch, ...training }) => {
    const place = [...armColumns.map((column) => training[column]), ...(repeated ? [training.repeat] : [])];
    return history.map((row) => [
      ...place,
      ...epochColumns.map((column) => row[column]),
      Number(row.epoch === bestEpoch),
    ]);
  });
  return stringify([columns, ...lines]);
}
