import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { UnitsByStatus } from '../../../contracts/sweep.js';
import { progressMatrices, unitsByStatus, unitsByTriage } from '../../../domain/plan/progress-matrix.js';
import type { TriagedUnit } from '../../../domain/plan/triage.js';
import { planUnits } from '../../../domain/plan/units.js';
import { pipeline } from '../../../steps/pipeline.js';

const shape = { models: ['lr', 'unet'], losses: ['ce'], folds: 3, dataSets: [{ name: 'low', shards: 1 }] };
const planned = planUnits(pipeline, shape);

const statuses = (known: Partial<UnitsByStatus>): UnitsByStatus => {
  const none = { waiting: [], held: [], running: [], cached: [], done: [], failed: [], blocked: [], cancelling: [] };
  return { ...none, ...known };
};

const nothing = { parts: new Map(), failures: [] };

/** The marks of an arm's folds. */
function marksOf(arm: string, ...known: Parameters<typeof unitsByStatus>): string[] {
  const rows = progressMatrices(unitsByStatus(...known)).flatMap((matrix) => matrix.rows);
  return rows.filter((row) => row.arm === arm).flatMap(({ cells }) => cells.map(({ mark }) => mark));
}

describe('the matrix of a running sweep', () => {
  it('has a row for each arm in the order of the plan, before anything has been told', () => {
    const [matrix, ...others] = progressMatrices(unitsByStatus(planned, undefined, nothing));
    assert.deepEqual([matrix?.dataSet, matrix?.folds, others.length], ['low', [0, 1, 2], 0]);
    assert.deepEqual(
      matrix?.rows.map(({ arm, cells }) => [arm, ...cells.map(({ mark, words }) => `${mark} ${words}`)]),
      [
        ['lr/ce', '· waiting', '· waiting', '· waiting'],
        ['unet/ce', '· waiting', '· waiting', '· waiting'],
      ],
    );
  });

  it('shows the epoch of a training, the percentage of an evaluation, and what is open without either', () => {
    const told = statuses({
      running: ['evaluate low/lr/ce/fold-0', 'train low/lr/ce/fold-1', 'train low/lr/ce/fold-2'],
      done: ['train low/lr/ce/fold-0'],
    });
    const parts = new Map([
      ['evaluate low/lr/ce/fold-0', { done: 2, total: 3 }],
      ['train low/lr/ce/fold-1', { done: 12, total: 300 }],
    ]);
    assert.deepEqual(marksOf('lr/ce', planned, told, { ...nothing, parts }), ['66 %', '12/300', '▸']);
    const [matrix] = progressMatrices(unitsByStatus(planned, told, { ...nothing, parts }));
    assert.deepEqual(
      matrix?.rows[0]?.cells.map(({ words }) => words),
      ['evaluate 66 %', 'epoch 12 of 300', 'open'],
    );
  });

  it('marks what is done, paused, failed and blocked by signs, not by colours', () => {
    const told = statuses({
      done: ['train low/lr/ce/fold-0', 'evaluate low/lr/ce/fold-0'],
      held: ['train low/lr/ce/fold-1'],
      failed: ['train low/unet/ce/fold-0'],
      blocked: ['evaluate low/unet/ce/fold-0', 'train low/unet/ce/fold-1'],
      cached: ['train low/unet/ce/fold-2', 'evaluate low/unet/ce/fold-2'],
    });
    const parts = new Map([['train low/lr/ce/fold-1', { done: 3, total: 9 }]]);
    const failures = [{ unit: 'train low/unet/ce/fold-0', kind: 'Diverged' }];
    const [matrix] = progressMatrices(unitsByStatus(planned, told, { parts, failures }));
    assert.deepEqual(
      matrix?.rows.map(({ cells }) => cells.map(({ mark, words }) => `${mark} ${words}`)),
      [
        ['✓ done', '‖ paused at epoch 3 of 9', '· waiting'],
        ['✗ failed (Diverged)', '– blocked', '✓ cached'],
      ],
    );
  });

  it('shows a failure that is told before the statuses are', () => {
    const failures = [{ unit: 'train low/lr/ce/fold-2', kind: 'Diverged' }];
    assert.deepEqual(marksOf('lr/ce', planned, statuses({}), { ...nothing, failures }), ['·', '·', '✗']);
  });
});

describe('the matrix of a sweep that is not running', () => {
  it('shows what has become of each fold', () => {
    const states: Readonly<Record<string, Partial<TriagedUnit>>> = {
      'train low/lr/ce/fold-1': { state: 'resumable', epoch: 12, maxEpochs: 300 },
      'evaluate low/lr/ce/fold-1': { state: 'missing' },
      'train low/lr/ce/fold-2': { state: 'missing' },
      'train low/unet/ce/fold-0': { state: 'failed', kind: 'OutOfMemory' },
    };
    const triaged = planned.map(({ id, step, coordinates }): TriagedUnit => {
      return { ...{ unit: id, step, coordinates, key: null, state: 'done' }, ...states[id] };
    });
    const [matrix] = progressMatrices(unitsByTriage(triaged));
    assert.deepEqual(
      matrix?.rows.map(({ cells }) => cells.map(({ mark, words }) => `${mark} ${words}`)),
      [
        ['✓ done', '12/300 resumable at epoch 12 of 300', '· waiting'],
        ['✗ failed (OutOfMemory)', '✓ done', '✓ done'],
      ],
    );
  });
});
