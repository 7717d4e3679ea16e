import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import test from 'node:test';

import { computeEnvironment } from '../../../storage/machine/compute-environment.js';
import { repositoryRoot } from '../../support/paths.js';

// TensorFlow itself uses oneDNN only on processors with AVX-512 VNNI.
test('oneDNN computes the gradients of kernels, whatever the processor', () => {
  const given = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TF_')));
  const numerics = { threads: 1, tf32: false, deterministic: true };
  const environment = computeEnvironment(given, { numerics, libraryPath: [] });
  const step = join(repositoryRoot, 'dist', 'test', 'bench', 'training-step.js');
  const said = execFileSync(process.execPath, [step, '27,27,27', '1', '1'], {
    encoding: 'utf8',
    env: { ...environment, ONEDNN_VERBOSE: '1' },
  });
  assert.match(said, /exec,cpu,convolution,.*backward_weights/);
});
