import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { countsOfTriage, pageLosses, pageState, type ShownSweep } from '../../../cli/watch/page-state.js';
import { planUnits } from '../../../domain/plan/units.js';
import { pipeline } from '../../../steps/pipeline.js';

const nothing: ShownSweep = {
  ...{ sweep: 'tiny-0123456789', state: 'running', matrices: [], counts: [], waitingFor: [], paused: undefined },
  ...{ secondsLeft: undefined, goOn: undefined, temporal: undefined, report: undefined },
  reportCommand: 'volbias report tiny-0123456789',
  failures: { failures: [], remedies: [], again: undefined },
};

const train = { step: 'train', total: 8, cached: 1, done: 2, running: 3, failed: 1 };

describe('what the page shows of a sweep', () => {
  it('is the graph of its steps with counts, each after those that it needs itself', () => {
    const { steps } = pageState({ ...nothing, counts: [train] });
    assert.deepEqual(
      steps.map(({ step }) => step),
      pipeline.map(({ name }) => name),
    );
    const found = steps.find(({ step }) => step === 'train');
    // Statistics come before the split anyway.
    assert.deepEqual(found?.needs, ['split']);
    assert.deepEqual([found.stored, found.total, found.words, found.mark], [3, 8, '1 cached, 3 open, 1 failed', '✗']);
    assert.deepEqual(steps.find(({ step }) => step === 'report')?.needs, ['compare']);
    assert.deepEqual(steps.find(({ step }) => step === 'scan')?.needs, []);
  });

  it('marks steps that are done, open and waiting', () => {
    const counts = [
      { ...train, step: 'scan', total: 2, cached: 0, done: 2, running: 0, failed: 0 },
      { ...train, failed: 0 },
    ];
    const marks = new Map(pageState({ ...nothing, counts }).steps.map(({ step, mark }) => [step, mark]));
    assert.deepEqual([marks.get('scan'), marks.get('train'), marks.get('join')], ['✓', '▸', '·']);
  });

  it('says in a few words how it is, and changes them only with that', () => {
    const summary = (changes: Partial<ShownSweep>): string => pageState({ ...nothing, ...changes }).summary;
    assert.equal(summary({}), 'running');
    assert.equal(summary({ secondsLeft: 61, counts: [train] }), 'running');
    assert.equal(summary({ waitingFor: [{ what: 'a full disk', since: '2020-01-01T00:00:00Z' }] }), 'waiting');
    const failure = { unit: 'train flat/lr/ce/fold-0', kind: 'Diverged', reason: 'loss is NaN', again: undefined };
    const failures = { failures: [failure], remedies: [], again: undefined };
    assert.equal(summary({ failures }), 'running; 1 unit failed');
    assert.equal(summary({ failures, state: 'partial' }), 'partial; 1 unit failed');
  });

  it('says what it waits for, what is paused and how long it takes', () => {
    const since = '2020-01-01T00:00:00Z';
    const paused = 'paused: 2 units; to go on: volbias resume tiny-0123456789';
    const shown = pageState({ ...nothing, paused, secondsLeft: 12_000, waitingFor: [{ what: 'a full disk', since }] });
    assert.deepEqual(shown.notes, ['waiting: a full disk', paused]);
    assert.match(shown.time, /^about 3 h 20 min left/);
    assert.equal(pageState(nothing).time, '');
  });
});

describe('the losses of the page', () => {
  const shape = { models: ['lr'], losses: ['ce', 'sd'], folds: 2, dataSets: [{ name: 'flat', shards: 0 }] };
  const planned = planUnits(pipeline, shape);

  it('are those of the trainings, arms by folds, and null where no epoch has ended', () => {
    const curves = new Map([['train flat/lr/sd/fold-1', { trainingLoss: [3, 2], validationLoss: [4, 3] }]]);
    const training = [
      [1, 3],
      [2, 2],
    ];
    const validation = [
      [1, 4],
      [2, 3],
    ];
    assert.deepEqual(pageLosses(planned, curves), [
      {
        dataSet: 'flat',
        folds: [0, 1],
        rows: [
          { arm: 'lr/ce', cells: [null, null] },
          { arm: 'lr/sd', cells: [null, { training, validation }] },
        ],
      },
    ]);
  });

  it('are few points, however many trainings and epochs there are', () => {
    const losses = new Array<number>(1000).fill(0.5);
    const wide = planUnits(pipeline, { ...shape, folds: 500 });
    const trainings = wide.filter(({ step }) => step === 'train');
    const curves = new Map(trainings.map(({ id }) => [id, { trainingLoss: losses, validationLoss: losses }]));
    const cells = pageLosses(wide, curves).flatMap(({ rows }) => rows.flatMap((row) => row.cells));
    const points = cells.reduce((sum, cell) => sum + (cell?.training.length ?? 0) + (cell?.validation.length ?? 0), 0);
    assert.equal(cells.length, 1000);
    assert.ok(points <= 20_000, `${points}`);
  });
});

it('the counts of a sweep that was interrupted are those of its units', () => {
  const one = { key: null, coordinates: {} };
  const counts = countsOfTriage([
    { ...one, unit: 'scan a', step: 'scan', state: 'done' },
    { ...one, unit: 'scan b', step: 'scan', state: 'failed' },
    { ...one, unit: 'join', step: 'join', state: 'missing' },
  ]);
  assert.deepEqual(counts, [
    { step: 'scan', total: 2, running: 0, cached: 0, done: 1, failed: 1 },
    { step: 'join', total: 1, running: 0, cached: 0, done: 0, failed: 0 },
  ]);
});
