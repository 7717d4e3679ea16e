/**
 * Prints as JSON the digest of what our own kernels make of the same images, and how far it is from what TensorFlow's
 * make, as a share of the largest value: own-kernels.test.ts runs it in several ways.
 */
import { createHash } from 'node:crypto';

import {
  convolutionThen,
  inputGradient,
  parameterGradients,
} from '../../../learning/tensorflow/convolution-kernels.js';
import { leakyReluGradient } from '../../../learning/tensorflow/kernels.js';
import {
  ownConvolution,
  ownInputGradient,
  ownInterpolation,
  ownParameterGradients,
  ownPoolingGradient,
} from '../../../learning/tensorflow/own-kernels.js';
import { readFloats, type Tensor } from '../../../learning/tensorflow/tensorflow.js';
import { normalTensor, relativeDistance } from './random-tensors.js';

const normal = (name: string, shape: readonly number[]): Tensor => normalTensor(name, shape).tensor;

function distance(own: Tensor | undefined, theirs: Tensor): number {
  if (own === undefined) throw new Error('our own kernels cannot run');
  return relativeDistance(own, readFloats(theirs));
}

const hash = createHash('sha256');
const distances: number[] = [];

// Large enough for several threads, with channels for each block of vectors.
for (const [spatial, inputs, outputs] of [
  [[24, 40, 50], 10, 20],
  [[12, 24, 24], 40, 40],
  [[6, 12, 15], 80, 72],
] as const) {
  const input = normal('input', [1, ...spatial, inputs]);
  const output = normal('output', [1, ...spatial, outputs]);
  const kernel = normal('kernel', [3, 3, 3, inputs, outputs]);
  const parameters = ownParameterGradients(input, kernel.shape, output);
  const rows = normal('rows', [spatial[0], spatial[1], spatial[2] * inputs]);
  const following = { bias: normal('bias', [outputs]), activation: 'leakyRelu' } as const;
  const results = [
    ownConvolution(input, kernel, following),
    ownInputGradient(kernel, output, input),
    parameters?.kernel,
    parameters?.bias,
    ownInterpolation(normal('matrix', [spatial[1], spatial[1]]), rows, 'plain'),
    ownPoolingGradient(output, { addend: undefined, activated: undefined }),
  ];
  const ofParameters = parameterGradients(input, kernel.shape, output);
  distances.push(
    distance(results[0], convolutionThen(input, kernel, following)),
    distance(results[1], leakyReluGradient(inputGradient(input.shape, kernel, output), input)),
    distance(results[2], ofParameters.kernel),
    distance(results[3], ofParameters.bias),
  );
  for (const result of results) if (result !== undefined) hash.update(readFloats(result));
}
process.stdout.write(`${JSON.stringify({ digest: hash.digest('hex'), distance: Math.max(...distances) })}\n`);
