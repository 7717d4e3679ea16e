import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { triageMatrices, triageOfOthers, type TriagedUnit } from '../../../domain/plan/triage.js';
import { planUnits } from '../../../domain/plan/units.js';
import { pipeline } from '../../../steps/pipeline.js';

/** Every unit of a sweep in the given state, `done` if none is given. */
function triageOf(states: Readonly<Record<string, Partial<TriagedUnit>>>, repeats = 1): TriagedUnit[] {
  const shape = { models: ['lr', 'unet'], losses: ['ce'], folds: 2, repeats, dataSets: [{ name: 'low', shards: 1 }] };
  return planUnits(pipeline, shape).map(({ id, step, coordinates }) => ({
    ...{ unit: id, step, coordinates, key: null, state: 'done' },
    ...states[id],
  }));
}

describe('the triage of a sweep', () => {
  it('shows arms by folds, and of each the first step without a result', () => {
    const states: Record<string, Partial<TriagedUnit>> = {
      'train low/lr/ce/fold-0': { state: 'cached' },
      'evaluate low/lr/ce/fold-0': { state: 'cached' },
      'train low/lr/ce/fold-1': { state: 'cached' },
      'train low/unet/ce/fold-0': { state: 'failed', kind: 'Diverged', epoch: 3 },
      'evaluate low/unet/ce/fold-0': { state: 'missing' },
      'evaluate low/unet/ce/fold-1': { state: 'failed', kind: 'OutOfMemory' },
    };
    assert.deepEqual(triageMatrices(triageOf(states)), [
      {
        dataSet: 'low',
        folds: [0, 1],
        rows: [
          { arm: 'lr/ce', cells: ['cached', 'done'] },
          { arm: 'unet/ce', cells: ['failed (Diverged)', 'evaluate failed (OutOfMemory)'] },
        ],
      },
    ]);
  });

  it('gives each repeat a row, and says where a training would go on', () => {
    const states: Record<string, Partial<TriagedUnit>> = {
      'train low/lr/ce/fold-1/repeat-1': { state: 'resumable', epoch: 12 },
      'train low/unet/ce/fold-0': { state: 'paused' },
    };
    const [matrix] = triageMatrices(triageOf(states, 2));
    assert.deepEqual(matrix?.rows, [
      { arm: 'lr/ce', cells: ['done', 'done'] },
      { arm: 'lr/ce repeat 1', cells: ['done', 'resumable at epoch 12'] },
      { arm: 'unet/ce', cells: ['paused', 'done'] },
      { arm: 'unet/ce repeat 1', cells: ['done', 'done'] },
    ]);
  });

  it('names the other units that stand out', () => {
    const states: Record<string, Partial<TriagedUnit>> = {
      'preprocess low/shard-0': { state: 'failed', kind: 'DataInvalid' },
      'statistics low': { state: 'missing' },
      'scan low': { state: 'running' },
    };
    assert.deepEqual(
      triageOfOthers(triageOf(states)).map(({ unit }) => unit),
      ['scan low', 'preprocess low/shard-0'],
    );
  });
});
