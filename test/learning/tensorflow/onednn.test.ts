import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'node:test';

import { computeEnvironment } from '../../../storage/machine/compute-environment.js';
import { repositoryRoot } from '../../support/paths.js';

// TensorFlow itself uses oneDNN only on processors with AVX-512 VNNI.
test('where our own kernels cannot run, oneDNN computes the gradients of kernels, whatever the processor', () => {
  const given = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TF_')));
  const numerics = { threads: 1, precision: 'float32', tf32: false, deterministic: true } as const;
  const environment = computeEnvironment(given, { numerics, libraryPath: [] });
  const [kernels, tensorflow] = ['convolution-kernels', 'tensorflow'].map((name) =>
    JSON.stringify(pathToFileURL(join(repositoryRoot, 'dist', 'learning', 'tensorflow', `${name}.js`)).href),
  );
  const program = `const [{ parameterGradients }, { floatTensor }] = await Promise.all([import(${kernels}), import(${tensorflow})]);
    const image = floatTensor([1, 9, 9, 9, 10], new Float32Array(7290));
    parameterGradients(image, [3, 3, 3, 10, 10], image);`;
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    env: { ...environment, ONEDNN_VERBOSE: '1' },
  });
  assert.match(said, /exec,cpu,convolution,.*backward_weights/);
});
