import assert from 'node:assert/strict';
import { it } from 'node:test';

import { roomFor } from '../../workflows/room-for.js';

it('a room lets in as many as it is for, and then one for each that leaves, in the order in which they came', async () => {
  const { enter, leave } = roomFor(2);
  const inside: number[] = [];
  const all = [0, 1, 2, 3].map((who) => enter().then(() => inside.push(who)));
  await Promise.all(all.slice(0, 2));
  assert.deepEqual(inside, [0, 1]);
  leave();
  await all[2];
  assert.deepEqual(inside, [0, 1, 2]);
  leave();
  await all[3];
  leave();
  leave();
  await Promise.all([enter(), enter()]);
  const waiting = enter().then(() => inside.push(4));
  assert.deepEqual(inside, [0, 1, 2, 3]);
  leave();
  await waiting;
  assert.deepEqual(inside, [0, 1, 2, 3, 4]);
});
