import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import test from 'node:test';

import { repositoryRoot } from '../../support/paths.js';

// TensorFlow itself uses oneDNN only on processors with AVX-512 VNNI.
test('oneDNN computes the gradients of kernels, whatever the processor', () => {
  const environment = Object.entries(process.env).filter(([name]) => !name.startsWith('TF_'));
  const step = join(repositoryRoot, 'dist', 'test', 'bench', 'training-step.js');
  const said = execFileSync(process.execPath, [step, '27,27,27', '1', '1'], {
    encoding: 'utf8',
    env: { ...Object.fromEntries(environment), TF_CPP_MIN_LOG_LEVEL: '2', ONEDNN_VERBOSE: '1' },
  });
  assert.match(said, /exec,cpu,convolution,.*backward_weights/);
});
