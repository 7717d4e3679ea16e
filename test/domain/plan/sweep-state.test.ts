import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import { pipeline } from '../../../contracts/pipeline.js';
import { progressOf } from '../../../domain/plan/progress.js';
import type { ReadyUnit, SweepState } from '../../../domain/plan/sweep-state.js';
import { complete, finalKeys, parsedTinyConfig, stateOf } from '../../support/sweeps/plan-of.js';

const config = parsedTinyConfig();
const expected = finalKeys(config);

/** Runs a sweep to its end: `next` chooses, among the units that run, the one that ends. */
function runInOrder(state: SweepState, next: (count: number) => number, fails: (id: string) => boolean): ReadyUnit[] {
  const started: ReadyUnit[] = [];
  const running: ReadyUnit[] = [];
  for (;;) {
    for (const ready of state.takeReady()) {
      state.mark(ready.unit.id, 'running');
      running.push(ready);
      started.push(ready);
    }
    const [ended] = running.splice(next(running.length), 1);
    if (ended === undefined) return started;
    if (fails(ended.unit.id)) state.mark(ended.unit.id, 'failed');
    else complete(state, ended);
  }
}

const orders = fc.infiniteStream(fc.nat());

function chooser(stream: Stream<number>): (count: number) => number {
  const iterator = stream[Symbol.iterator]();
  return (count) => (count === 0 ? 0 : Number(iterator.next().value) % count);
}
type Stream<T> = Iterable<T>;

function neverFails(): boolean {
  return false;
}

describe('the state of a sweep', () => {
  it('gives the same keys in whatever order units end', () => {
    fc.assert(
      fc.property(orders, (order) => {
        const started = runInOrder(stateOf(config), chooser(order), neverFails);
        assert.deepEqual(new Map(started.map(({ unit, key }) => [unit.id, key])), expected);
      }),
      { numRuns: 30 },
    );
  });

  it('starts each unit once, and after all that it needs, whatever fails', () => {
    fc.assert(
      fc.property(orders, fc.uniqueArray(fc.constantFrom(...expected.keys())), (order, failing) => {
        const state = stateOf(config);
        const started = runInOrder(state, chooser(order), (id) => failing.includes(id));
        const ids = started.map(({ unit }) => unit.id);
        assert.equal(new Set(ids).size, ids.length);
        for (const { unit, inputs, gaps } of started) {
          assert.deepEqual([...inputs.map((input) => input.unit), ...gaps].sort(), [...unit.needs].sort());
        }
        for (const { unit, status } of state.all()) {
          assert.ok(['done', 'failed', 'blocked'].includes(status), `${unit.id} is ${status} at the end`);
          assert.equal(status === 'blocked', !ids.includes(unit.id));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('blocks what needs a failed training, and tells the aggregate and the report of the gap', () => {
    const state = stateOf(config);
    const started = runInOrder(
      state,
      () => 0,
      (id) => id === 'train flat/unet/sd/fold-1',
    );
    assert.equal(state.statusOf('evaluate flat/unet/sd/fold-1'), 'blocked');
    assert.equal(state.statusOf('evaluate flat/unet/sd/fold-0'), 'done');
    const aggregate = started.find(({ unit }) => unit.id === 'aggregate flat');
    assert.deepEqual(aggregate?.gaps, ['evaluate flat/unet/sd/fold-1']);
    assert.equal(aggregate.inputs.length, 7);
    assert.notEqual(aggregate.key, expected.get('aggregate flat'));
    assert.equal(state.statusOf('report'), 'done');
  });

  it('blocks everything when the only scan fails', () => {
    const state = stateOf(config);
    runInOrder(
      state,
      () => 0,
      (id) => id === 'scan flat',
    );
    const others = state.all().filter(({ unit }) => unit.id !== 'scan flat');
    assert.ok(others.every(({ status }) => status === 'blocked'));
  });

  it('does not start the aggregate before each evaluation has ended in one way or the other', () => {
    const state = stateOf(config);
    let ready = state.takeReady();
    while (!ready.some(({ unit }) => unit.step === 'evaluate')) {
      for (const unit of ready) complete(state, unit);
      ready = state.takeReady();
    }
    const [first, ...rest] = ready;
    assert.ok(first);
    state.mark(first.unit.id, 'failed');
    for (const unit of rest) state.mark(unit.unit.id, 'running');
    assert.deepEqual(state.takeReady(), []);
    for (const unit of rest) complete(state, unit);
    assert.deepEqual(
      state.takeReady().map(({ unit }) => unit.id),
      ['aggregate flat'],
    );
  });

  it('counts its units by step and status', () => {
    const state = stateOf(config);
    const [scan] = state.takeReady();
    assert.ok(scan);
    complete(state, scan);
    const [shard] = state.takeReady();
    assert.ok(shard);
    state.mark(shard.unit.id, 'running');
    const { steps } = progressOf(pipeline, state, []);
    assert.deepEqual(steps[0], { step: 'scan', total: 1, cached: 0, done: 1, running: 0, failed: 0 });
    assert.deepEqual(steps[1], { step: 'preprocess', total: 2, cached: 0, done: 0, running: 1, failed: 0 });
  });
});
