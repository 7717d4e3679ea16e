import assert from 'node:assert/strict';
import { test } from 'node:test';

import { limited } from '../../../../storage/store/shared/limited.js';

test('limited work is done a few at a time, in turn, also after failures', async () => {
  const inTurn = limited(3);
  let running = 0;
  let most = 0;
  const begun: number[] = [];
  const work = (index: number) => async (): Promise<number> => {
    begun.push(index);
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    if (index % 5 === 0) throw new Error(`no ${index}`);
    return index;
  };
  const indices = Array.from({ length: 20 }, (_, index) => index);
  const results = await Promise.allSettled(indices.map((index) => inTurn(work(index))));
  assert.equal(most, 3);
  assert.deepEqual(begun, indices);
  assert.equal(results.filter(({ status }) => status === 'rejected').length, 4);
  assert.equal(await inTurn(work(1)), 1);
});
