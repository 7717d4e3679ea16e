import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { parse } from 'csv-parse/sync';

import { trainingCsv } from '../../../../domain/report/csv/training-csv.js';
import { syntheticTraining } from '../synthetic-trainings.js';

const trainings = [syntheticTraining([0.5, 0.1, 0.3]), syntheticTraining([1 / 3], { fold: 1, repeat: 2 })];

describe('training.csv', () => {
  it('has a row for each epoch of each training, and marks the epoch that was chosen', () => {
    const rows = parse(trainingCsv(trainings, 1), { columns: true });
    const place = { dataSet: 'phantom-2d-high', model: 'unet', loss: 'sd' };
    assert.deepEqual(rows, [
      {
        ...place,
        fold: '0',
        epoch: '1',
        trainingLoss: '0.25',
        validationLoss: '0.5',
        learningRate: '0.01',
        chosen: '0',
      },
      {
        ...place,
        fold: '0',
        epoch: '2',
        trainingLoss: '0.05',
        validationLoss: '0.1',
        learningRate: '0.01',
        chosen: '1',
      },
      {
        ...place,
        fold: '0',
        epoch: '3',
        trainingLoss: '0.15',
        validationLoss: '0.3',
        learningRate: '0.002',
        chosen: '0',
      },
      {
        ...place,
        ...{ fold: '1', epoch: '1', trainingLoss: String(1 / 6), validationLoss: String(1 / 3), learningRate: '0.01' },
        chosen: '1',
      },
    ]);
  });

  it('has a column for repeats if there are any', () => {
    const rows = parse<Record<string, string>>(trainingCsv(trainings, 3), { columns: true });
    assert.deepEqual(
      rows.map(({ fold, repeat }) => `${fold} ${repeat}`),
      ['0 0', '0 0', '0 0', '1 2'],
    );
  });
});
