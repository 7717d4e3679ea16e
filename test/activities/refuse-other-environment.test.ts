import assert from 'node:assert/strict';
import test from 'node:test';

import { refuseOtherEnvironment } from '../../activities/refuse-other-environment.js';

const here = { tensorflow: '2.21.0', processor: 'one' };

test('a worker computes in the environment that the keys name, and in any where they name none', () => {
  refuseOtherEnvironment({ ...here }, here);
  refuseOtherEnvironment(null, here);
});

test('in another one it refuses, with what differs', () => {
  const other = { tensorflow: '2.21.0', processor: 'another', gpus: 'NVIDIA H200' };
  assert.throws(() => {
    refuseOtherEnvironment(other, here);
  }, /this worker is not .*: processor "one" instead of "another"; gpus "" instead of "NVIDIA H200"$/);
});
