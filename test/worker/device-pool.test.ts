import assert from 'node:assert/strict';
import test from 'node:test';

import { devicePool } from '../../worker/slots/device-pool.js';

test('each slot has its own GPU while there are enough, and a GPU given back is taken next', () => {
  const pool = devicePool(['a', 'b']);
  assert.deepEqual([pool.take(), pool.take()], ['a', 'b']);
  pool.giveBack('b');
  assert.equal(pool.take(), 'b');
});

test('more slots than GPUs share them evenly', () => {
  const pool = devicePool(['a', 'b']);
  assert.deepEqual([1, 2, 3, 4].map(() => pool.take()).sort(), ['a', 'a', 'b', 'b']);
});

test('without a GPU, slots get none', () => {
  const pool = devicePool([]);
  assert.equal(pool.take(), undefined);
  pool.giveBack(undefined);
  assert.equal(pool.take(), undefined);
});
