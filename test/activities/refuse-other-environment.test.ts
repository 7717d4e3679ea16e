import assert from 'node:assert/strict';
import test from 'node:test';

import { refuseOtherEnvironment } from '../../activities/refuse-other-environment.js';

const here = { tensorflow: '2.21.0', processor: 'one' };

test('a worker computes if the keys name its environment or none', () => {
  refuseOtherEnvironment({ ...here }, here);
  refuseOtherEnvironment(null, here);
});

test('a worker in another environment refuses and lists every difference', () => {
  const other = { tensorflow: '2.21.0', processor: 'another', gpus: 'NVIDIA H200' };
  assert.throws(() => {
    refuseOtherEnvironment(other, here);
  }, /this worker differs from .*: processor "one" instead of "another"; gpus "" instead of "NVIDIA H200"$/);
});
