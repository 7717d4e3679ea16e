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

it('a room forgets who stops waiting for it, and lets the next one in', async () => {
  const { enter, leave } = roomFor(1);
  await enter();
  let go = (): void => undefined;
  const left = new Promise<never>((_, reject) => {
    go = () => {
      reject(new Error('left'));
    };
  });
  const impatient = enter(left);
  const patient = enter();
  go();
  await assert.rejects(impatient, /left/);
  leave();
  await patient;
});
