import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import { pipeline } from '../../../steps/pipeline.js';
import type { UnitFailure, UnitGap } from '../../../contracts/sweep.js';
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
      running.push(ready);
      started.push(ready);
    }
    const [ended] = running.splice(next(running.length), 1);
    if (ended === undefined) return started;
    if (fails(ended.unit.id)) state.fail(ended.unit.id, failureOf(ended.unit.id));
    else complete(state, ended);
  }
}

const orders = fc.infiniteStream(fc.nat());

function chooser(stream: Stream<number>): (count: number) => number {
  const iterator = stream[Symbol.iterator]();
  return (count) => (count === 0 ? 0 : Number(iterator.next().value) % count);
}
type Stream<T> = Iterable<T>;

const failureOf = (unit: string): UnitFailure => ({ unit, kind: 'Diverged', message: `${unit} failed`, reason: unit });

const statusOf = (state: SweepState, id: string): string | undefined =>
  state.all().find(({ unit }) => unit.id === id)?.status;

/** The needed units that are missing; gaps behind them are told as well. */
function ownGaps(needs: readonly string[], gaps: readonly UnitGap[]): string[] {
  return gaps.map(({ unit }) => unit).filter((unit) => needs.includes(unit));
}

/** Completes every unit before the evaluations and returns those. */
function readyToEvaluate(state: SweepState): ReadyUnit[] {
  let ready = state.takeReady();
  while (!ready.some(({ unit }) => unit.step === 'evaluate')) {
    for (const unit of ready) complete(state, unit);
    ready = state.takeReady();
  }
  return ready;
}

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
          assert.deepEqual(
            [...inputs.map((input) => input.unit), ...ownGaps(unit.needs, gaps)].sort(),
            [...unit.needs].sort(),
          );
        }
        for (const { unit, status } of state.all()) {
          assert.ok(['done', 'failed', 'blocked'].includes(status), `${unit.id} is ${status} at the end`);
          assert.equal(status === 'blocked', !ids.includes(unit.id));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('blocks what needs a failed training, and tells the step that joins of the gap and its cause', () => {
    const state = stateOf(config);
    const started = runInOrder(
      state,
      () => 0,
      (id) => id === 'train flat/unet/sd/fold-1',
    );
    assert.equal(statusOf(state, 'evaluate flat/unet/sd/fold-1'), 'blocked');
    assert.equal(statusOf(state, 'evaluate flat/unet/sd/fold-0'), 'done');
    const joined = started.find(({ unit }) => unit.id === 'join flat');
    const cause = failureOf('train flat/unet/sd/fold-1');
    assert.deepEqual(joined?.gaps, [{ unit: 'evaluate flat/unet/sd/fold-1', cause }]);
    assert.equal(joined.inputs.length, 7);
    assert.notEqual(joined.key, expected.get('join flat'));
    assert.equal(statusOf(state, 'report'), 'done');
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

  it('does not join rows before each evaluation has ended in one way or the other', () => {
    const state = stateOf(config);
    const [first, ...rest] = readyToEvaluate(state);
    assert.ok(first);
    state.fail(first.unit.id, failureOf(first.unit.id));
    assert.deepEqual(state.takeReady(), []);
    for (const unit of rest) complete(state, unit);
    assert.deepEqual(
      state.takeReady().map(({ unit }) => unit.id),
      ['join flat'],
    );
  });

  it('gives other keys to what is made in spite of other failures', () => {
    const keyAfter = (reason: string): string | undefined => {
      const state = stateOf(config);
      const [first, ...rest] = readyToEvaluate(state);
      assert.ok(first);
      state.fail(first.unit.id, { ...failureOf(first.unit.id), reason });
      for (const unit of rest) complete(state, unit);
      return state.takeReady().find(({ unit }) => unit.step === 'join')?.key;
    };
    assert.notEqual(keyAfter('out of memory'), keyAfter('out of disk'));
    assert.equal(keyAfter('out of memory'), keyAfter('out of memory'));
  });

  it('tells the report of every evaluation that is missing, also where no rows could be joined', () => {
    const state = stateOf(config);
    const started = runInOrder(
      state,
      () => 0,
      (id) => id.startsWith('train '),
    );
    const gaps = started.find(({ unit }) => unit.id === 'report')?.gaps ?? [];
    const evaluations = gaps.filter(({ unit }) => unit.startsWith('evaluate '));
    assert.equal(evaluations.length, 8);
    for (const { unit, cause } of evaluations) assert.equal(cause.unit, unit.replace('evaluate', 'train'));
  });

  it('lets a unit whose result is lost run again, while what was made from it stands', () => {
    const state = stateOf(config);
    const [scan] = state.takeReady();
    assert.ok(scan);
    complete(state, scan);
    for (const shard of state.takeReady()) complete(state, shard);
    state.reopen('preprocess flat/shard-0');
    assert.deepEqual(
      state.takeReady().map(({ unit }) => unit.id),
      ['preprocess flat/shard-0'],
    );
    assert.equal(statusOf(state, 'statistics flat'), 'waiting');
  });

  it('ends as if nothing had failed if what failed is run again, whenever that is', () => {
    fc.assert(
      fc.property(orders, fc.constantFrom(...expected.keys()), fc.nat(30), (order, failing, turns) => {
        const state = stateOf(config);
        const next = chooser(order);
        let failures = 0;
        const made = new Map<string, string>();
        const running: ReadyUnit[] = [];
        for (let turn = 0; ; turn++) {
          // At a moment that no order of work determines: what depends on it may wait, run or be done with a gap.
          if (failures > 0 && turn >= turns) for (const { unit } of state.failed()) state.reopenFailed(unit);
          running.push(...state.takeReady());
          const [ended] = running.splice(next(running.length), 1);
          if (ended === undefined && state.failed().length === 0) break;
          if (ended === undefined) continue;
          if (ended.unit.id === failing && failures === 0) {
            failures++;
            state.fail(failing, failureOf(failing));
          } else {
            complete(state, ended);
            if (state.result(ended.unit.id) !== undefined) made.set(ended.unit.id, ended.key);
          }
        }
        assert.equal(failures, 1);
        assert.deepEqual(new Map([...expected.keys()].map((id) => [id, made.get(id)])), expected);
        assert.ok(state.all().every(({ status }) => status === 'done'));
      }),
      { numRuns: 60 },
    );
  });

  it('gives a held unit only after it was reopened', () => {
    const state = stateOf(config);
    const [scan] = state.takeReady();
    assert.ok(scan);
    state.hold(scan.unit.id);
    assert.deepEqual(state.takeReady(), []);
    assert.equal(statusOf(state, 'scan flat'), 'held');
    state.reopen(scan.unit.id);
    assert.deepEqual(state.takeReady(), [scan]);
  });

  it('counts its units by step and status', () => {
    const state = stateOf(config);
    const [scan] = state.takeReady();
    assert.ok(scan);
    complete(state, scan);
    const [, held] = state.takeReady();
    assert.ok(held);
    state.hold(held.unit.id);
    const { steps, held: count } = progressOf(pipeline, state, { repaired: [], stopping: 0 });
    assert.equal(count, 1);
    assert.deepEqual(steps[0], { step: 'scan', queue: 'data', total: 1, cached: 0, done: 1, running: 0, failed: 0 });
    assert.deepEqual(steps[1], {
      step: 'preprocess',
      queue: 'data',
      total: 2,
      cached: 0,
      done: 0,
      running: 1,
      failed: 0,
    });
  });
});
