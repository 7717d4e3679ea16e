import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import { pipeline } from '../../../steps/pipeline.js';
import { casesPerShard, planUnits, shardCount } from '../../../domain/plan/units.js';

const shape = {
  models: ['lr', 'unet'],
  losses: ['ce', 'sd'],
  folds: 3,
  dataSets: [
    { name: 'a', shards: 2 },
    { name: 'b', shards: 1 },
  ],
};

const shapes = fc.record({
  models: fc.uniqueArray(fc.constantFrom('lr', 'convnet', 'unet'), { minLength: 1 }),
  losses: fc.uniqueArray(fc.constantFrom('ce', 'sd'), { minLength: 1 }),
  folds: fc.integer({ min: 1, max: 5 }),
  repeats: fc.integer({ min: 1, max: 3 }),
  dataSets: fc.uniqueArray(
    fc.record({ name: fc.constantFrom('a', 'b', 'c'), shards: fc.integer({ min: 0, max: 3 }) }),
    { selector: ({ name }) => name, minLength: 1 },
  ),
});

function unit(id: string) {
  const found = planUnits(pipeline, shape).find((candidate) => candidate.id === id);
  assert.ok(found, `there is no unit ${id}`);
  return found;
}

describe('the units of a sweep', () => {
  it('come after all that they need, and have ids of their own', () => {
    fc.assert(
      fc.property(shapes, (any) => {
        const seen = new Set<string>();
        for (const { id, needs } of planUnits(pipeline, any)) {
          assert.ok(!seen.has(id), `${id} is there twice`);
          for (const need of needs) assert.ok(seen.has(need), `${id} comes before ${need}`);
          seen.add(id);
        }
      }),
    );
  });

  it('are as many as data sets, shards, arms and folds ask for', () => {
    const units = planUnits(pipeline, shape);
    const counts = Object.fromEntries(
      pipeline.map(({ name }) => [name, units.filter(({ step }) => step === name).length]),
    );
    const trainings = 2 * 2 * 2 * 3;
    assert.deepEqual(counts, {
      scan: 2,
      preprocess: 3,
      statistics: 2,
      split: 2,
      train: trainings,
      evaluate: trainings,
      join: 2,
      compare: 2,
      report: 1,
    });
  });

  it('need the units of their own data set, arm and fold alone', () => {
    assert.deepEqual(unit('evaluate a/unet/sd/fold-2').needs, ['statistics a', 'split a', 'train a/unet/sd/fold-2']);
    assert.deepEqual(unit('preprocess a/shard-1').needs, ['scan a']);
    assert.deepEqual(unit('statistics a').needs, ['scan a', 'preprocess a/shard-0', 'preprocess a/shard-1']);
    assert.equal(unit('join b').needs.length, 2 * 2 * 3);
    assert.ok(unit('join b').needs.every((need) => need.startsWith('evaluate b/')));
    const trainings = ['a', 'b'].flatMap((dataSet) =>
      ['lr', 'unet'].flatMap((model) =>
        ['ce', 'sd'].flatMap((loss) => [0, 1, 2].map((fold) => `${dataSet}/${model}/${loss}/fold-${fold}`)),
      ),
    );
    assert.deepEqual(unit('report').needs, [
      'scan a',
      'scan b',
      'preprocess a/shard-0',
      'preprocess a/shard-1',
      'preprocess b/shard-0',
      'statistics a',
      'statistics b',
      'split a',
      'split b',
      ...trainings.map((training) => `train ${training}`),
      ...trainings.map((training) => `evaluate ${training}`),
      'join a',
      'join b',
      'compare a',
      'compare b',
    ]);
  });

  it('of repeats are ids of their own beside those without, each with the training of its own repeat', () => {
    const repeated = planUnits(pipeline, { ...shape, repeats: 3 });
    const once = new Set(planUnits(pipeline, shape).map(({ id }) => id));
    const further = repeated.filter(({ id }) => !once.has(id));
    assert.equal(repeated.length - further.length, once.size);
    // 2 data sets × 4 arms × 3 folds × 2 further repeats.
    for (const step of ['train', 'evaluate']) assert.equal(further.filter((one) => one.step === step).length, 48);
    assert.equal(further.length, 2 * 48);
    const needsOf = (id: string): readonly string[] | undefined => repeated.find((one) => one.id === id)?.needs;
    assert.deepEqual(needsOf('train a/unet/sd/fold-2/repeat-1'), ['statistics a', 'split a']);
    for (const place of ['a/unet/sd/fold-2', 'a/unet/sd/fold-2/repeat-1', 'a/unet/sd/fold-2/repeat-2']) {
      assert.deepEqual(needsOf(`evaluate ${place}`), ['statistics a', 'split a', `train ${place}`]);
    }
    assert.equal(needsOf('join b')?.length, 3 * unit('join b').needs.length);
  });

  it('share the cases out among shards', () => {
    assert.equal(shardCount(0), 0);
    assert.equal(shardCount(1), 1);
    assert.equal(shardCount(casesPerShard), 1);
    assert.equal(shardCount(casesPerShard + 1), 2);
  });
});
