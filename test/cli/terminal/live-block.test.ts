import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { SweepPicture } from '../../../cli/sweep/sweep-picture.js';
import { blockOf } from '../../../cli/terminal/live-block.js';
import { TimeLeft } from '../../../domain/plan/time-left.js';
import { planUnits } from '../../../domain/plan/units.js';
import { pipeline } from '../../../steps/pipeline.js';

const shape = { models: ['lr', 'unet'], losses: ['ce'], folds: 2, dataSets: [{ name: 'flat', shards: 0 }] };
const ofArms = planUnits(pipeline, shape).filter(({ coordinates }) => coordinates.fold !== undefined);
const steps = [{ step: 'train', queue: 'training', total: 4, cached: 0, done: 1, running: 3, failed: 0 }] as const;
const progress = { steps, failures: [], blocked: 0, held: 0, stopping: 0, repaired: [] };
const unit = 'train flat/unet/ce/fold-1';

function blockIn(size: { readonly rows: number; readonly columns: number }, notes: readonly string[] = []): string[] {
  const picture = new SweepPicture(ofArms, new TimeLeft([]));
  const none = { waiting: [], held: [], cached: [], failed: [], blocked: [], cancelling: [] };
  picture.unitStatuses({
    ...{ ...none, running: [unit] },
    done: ['train flat/lr/ce/fold-0', 'evaluate flat/lr/ce/fold-0'],
  });
  picture.jobProgress({ unit, phase: 'epoch', done: 3, total: 300, loss: 0.5 });
  return blockOf(picture.look(progress), notes, size).split('\n');
}

const matrix = [
  '  flat     fold 0  fold 1', // 25 columns
  '  lr/ce    ✓       ·',
  '  unet/ce  ·       3/300',
];
const withoutMatrix = ['▸ train             1/4  3 open', `  ${unit}: epoch 3/300, loss 0.5000`, '  0 s'];

describe('the live view of a terminal', () => {
  it('shows arms by folds between the steps and the units', () => {
    const [first = '', ...others] = withoutMatrix;
    assert.deepEqual(blockIn({ rows: 7, columns: 25 }), [first, ...matrix, ...others]);
  });

  it('leaves them out where the terminal is too small', () => {
    assert.deepEqual(blockIn({ rows: 6, columns: 80 }), withoutMatrix);
    assert.deepEqual(blockIn({ rows: 40, columns: 24 }), withoutMatrix);
    assert.equal(blockIn({ rows: 7, columns: 80 }, ['paused']).length, 4);
  });
});

describe('the picture of a sweep that another process runs', () => {
  it('has the epochs that curves tell', () => {
    const picture = new SweepPicture(ofArms, new TimeLeft([]));
    const none = { waiting: [], held: [], cached: [], done: [], failed: [], blocked: [], cancelling: [] };
    picture.unitStatuses({ ...none, running: [unit] });
    const epochs = (count: number): void => {
      const losses = new Array<number>(count).fill(0.5);
      picture.curves(new Map([[unit, { trainingLoss: losses, validationLoss: losses }]]), 300);
    };
    const words = (): string | undefined => picture.look(progress).matrices()[0]?.rows[1]?.cells[1]?.words;
    assert.equal(words(), 'open');
    epochs(12);
    assert.equal(words(), 'epoch 13 of 300');
    epochs(300);
    assert.equal(words(), 'epoch 300 of 300');
  });
});
