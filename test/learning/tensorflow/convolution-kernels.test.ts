import assert from 'node:assert/strict';
import test from 'node:test';
import { randomStream } from '../../../domain/random/random-stream.js';
import {
  convolutionThen,
  inputGradient,
  parameterGradients,
} from '../../../learning/tensorflow/convolution-kernels.js';
import {
  convolutionInputGradient,
  convolutionParameterGradients,
  convolutionWith,
} from '../../../learning/tensorflow/convolutions.js';
import { dispose, floatTensor, readFloats, type Tensor } from '../../../learning/tensorflow/tensorflow.js';
import { liveTensorCount } from '../support/live-tensor-count.js';

/** Three small axes; in 2D the first is 1 and is left away. */
const sizes: Readonly<Record<2 | 3, readonly [number, number, number]>> = { 2: [1, 5, 4], 3: [4, 5, 3] };
const slope = 0.01;

interface Problem {
  readonly dimensions: 2 | 3;
  readonly inputs: number;
  readonly outputs: number;
}

const problems: readonly Problem[] = ([2, 3] as const).flatMap((dimensions) =>
  // Our own kernels need at least eight channels.
  [
    [3, 2],
    [10, 20],
    [20, 10],
  ].map(([inputs = 1, outputs = 1]) => ({ dimensions, inputs, outputs })),
);

const voxels = (dimensions: 2 | 3): number => sizes[dimensions].reduce((a, b) => a * b, 1);

function numbers(name: string, length: number): Float32Array {
  const random = randomStream('convolution', name);
  return Float32Array.from({ length }, () => random.normal());
}

function data({ dimensions, inputs, outputs }: Problem): Record<'input' | 'kernel' | 'bias' | 'output', Float32Array> {
  const taps = 3 ** dimensions;
  return {
    input: numbers('input', voxels(dimensions) * inputs),
    kernel: numbers('kernel', taps * inputs * outputs),
    bias: numbers('bias', outputs),
    output: numbers('output', voxels(dimensions) * outputs),
  };
}

/** Every pair of an output voxel and an input voxel that a tap joins: the zero-padded convolution by its definition. */
function forEachTap(dimensions: 2 | 3, visit: (output: number, input: number, tap: number) => void): void {
  const [depth, height, width] = sizes[dimensions];
  const taps = dimensions === 2 ? [0] : [-1, 0, 1];
  for (let z = 0; z < depth; z++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (const dz of taps)
          for (const dy of [-1, 0, 1])
            for (const dx of [-1, 0, 1]) {
              const [a, b, c] = [z + dz, y + dy, x + dx];
              if (a < 0 || a >= depth || b < 0 || b >= height || c < 0 || c >= width) continue;
              const tap = ((dimensions === 2 ? 0 : dz + 1) * 3 + dy + 1) * 3 + dx + 1;
              visit((z * height + y) * width + x, (a * height + b) * width + c, tap);
            }
}

const at = (values: Float32Array, index: number): number => values[index] as number; // inside

function tensors({ dimensions, inputs, outputs }: Problem): Record<'input' | 'kernel' | 'bias' | 'output', Tensor> {
  const { input, kernel, bias, output } = data({ dimensions, inputs, outputs });
  const spatial = sizes[dimensions].slice(3 - dimensions);
  const window = new Array<number>(dimensions).fill(3);
  return {
    input: floatTensor([1, ...spatial, inputs], input),
    kernel: floatTensor([...window, inputs, outputs], kernel),
    bias: floatTensor([outputs], bias),
    output: floatTensor([1, ...spatial, outputs], output),
  };
}

function assertClose(actual: Tensor, expected: Float64Array): void {
  const values = readFloats(actual);
  assert.equal(values.length, expected.length);
  const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  expected.forEach((value, index) => {
    assert.ok(Math.abs(at(values, index) - value) <= 1e-6 * scale, `${String(index)}: ${String(at(values, index))}`);
  });
}

for (const problem of problems) {
  const { dimensions, inputs, outputs } = problem;
  const name = `${String(dimensions)}D, ${String(inputs)} channels in and ${String(outputs)} out`;

  test(`${name}: a convolution with what follows it is what its definition says`, () => {
    const { input, kernel, bias, output: addend } = data(problem);
    const before = liveTensorCount();
    for (const adds of [false, true]) {
      for (const activation of ['none', 'leakyRelu'] as const) {
        const expected = new Float64Array(addend.length);
        expected.forEach((_, index) => {
          expected[index] = at(bias, index % outputs) + (adds ? at(addend, index) : 0);
        });
        forEachTap(dimensions, (to, from, tap) => {
          for (let o = 0; o < outputs; o++)
            for (let i = 0; i < inputs; i++)
              expected[to * outputs + o] =
                (expected[to * outputs + o] as number) +
                at(input, from * inputs + i) * at(kernel, (tap * inputs + i) * outputs + o);
        });
        if (activation === 'leakyRelu')
          expected.forEach((value, index) => (expected[index] = value < 0 ? slope * value : value));
        const own = tensors(problem);
        const following = { bias: own.bias, activation, ...(adds && { addend: own.output }) };
        for (const way of [convolutionWith, convolutionThen]) {
          const result = way(own.input, own.kernel, following);
          assertClose(result, expected);
          dispose(result);
        }
        dispose(...Object.values(own));
      }
    }
    assert.equal(liveTensorCount(), before);
  });

  test(`${name}: the gradients of a convolution are what its definition says`, () => {
    const { input, kernel, output: gradient } = data(problem);
    const ofInput = new Float64Array(input.length);
    const ofKernel = new Float64Array(kernel.length);
    const ofBias = new Float64Array(outputs);
    gradient.forEach((value, index) => (ofBias[index % outputs] = (ofBias[index % outputs] as number) + value));
    forEachTap(dimensions, (to, from, tap) => {
      for (let o = 0; o < outputs; o++)
        for (let i = 0; i < inputs; i++) {
          const [weight, voxel] = [(tap * inputs + i) * outputs + o, from * inputs + i];
          const g = at(gradient, to * outputs + o);
          ofInput[voxel] = (ofInput[voxel] as number) + g * at(kernel, weight);
          ofKernel[weight] = (ofKernel[weight] as number) + g * at(input, voxel);
        }
    });
    const own = tensors(problem);
    for (const [ofParameters, ofTheInput] of [
      [convolutionParameterGradients, convolutionInputGradient],
      [parameterGradients, inputGradient],
    ] as const) {
      const parameters = ofParameters(own.input, own.kernel.shape, own.output);
      const result = ofTheInput(own.input.shape, own.kernel, own.output);
      assertClose(parameters.kernel, ofKernel);
      assert.deepEqual(parameters.kernel.shape, own.kernel.shape);
      assertClose(parameters.bias, ofBias);
      assertClose(result, ofInput);
      dispose(parameters.kernel, parameters.bias, result);
    }
    dispose(...Object.values(own));
  });
}
