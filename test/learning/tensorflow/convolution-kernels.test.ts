import assert from 'node:assert/strict';
import test from 'node:test';
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
import { dispose, type Tensor } from '../../../learning/tensorflow/tensorflow.js';
import { convolutionByDefinition, type ConvolutionProblem } from '../support/convolution-by-definition.js';
import { liveTensorCount } from '../support/live-tensor-count.js';
import { normalTensor, relativeDistance } from '../support/random-tensors.js';

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

function data({ dimensions, inputs, outputs }: Problem) {
  const spatial = sizes[dimensions].slice(3 - dimensions);
  const window = new Array<number>(dimensions).fill(3);
  return {
    input: normalTensor('input', [1, ...spatial, inputs]),
    kernel: normalTensor('kernel', [...window, inputs, outputs]),
    bias: normalTensor('bias', [outputs]),
    output: normalTensor('output', [1, ...spatial, outputs]),
  };
}

const definition = ({ dimensions, inputs, outputs }: Problem): ConvolutionProblem => ({
  ...{ sizes: [1, ...sizes[dimensions]], window: [dimensions === 2 ? 1 : 3, 3, 3], inputs, outputs },
});

const disposeAll = (own: ReturnType<typeof data>): void => {
  for (const { tensor } of Object.values(own)) dispose(tensor);
};

function assertClose(actual: Tensor, expected: Float64Array): void {
  assert.ok(relativeDistance(actual, expected) <= 1e-6);
}

for (const problem of problems) {
  const { dimensions, inputs, outputs } = problem;
  const name = `${String(dimensions)}D, ${String(inputs)} channels in and ${String(outputs)} out`;

  test(`${name}: a convolution with what follows it is what its definition says`, () => {
    const before = liveTensorCount();
    for (const adds of [false, true]) {
      for (const activation of ['none', 'leakyRelu'] as const) {
        const { input, kernel, bias, output: addend } = data(problem);
        const values = { input: input.values, kernel: kernel.values, output: addend.values };
        const expected = convolutionByDefinition(definition(problem), values).output.map((convolved, index) => {
          const sum =
            convolved + (bias.values[index % outputs] as number) + (adds ? (addend.values[index] as number) : 0);
          return activation === 'leakyRelu' && sum < 0 ? slope * sum : sum;
        });
        const following = { bias: bias.tensor, activation, ...(adds && { addend: addend.tensor }) };
        for (const way of [convolutionWith, convolutionThen]) {
          const result = way(input.tensor, kernel.tensor, following);
          assertClose(result, expected);
          dispose(result);
        }
        disposeAll({ input, kernel, bias, output: addend });
      }
    }
    assert.equal(liveTensorCount(), before);
  });

  test(`${name}: the gradients of a convolution are what its definition says`, () => {
    const own = data(problem);
    const { input, kernel, output: gradient } = own;
    const values = { input: input.values, kernel: kernel.values, output: gradient.values };
    const expected = convolutionByDefinition(definition(problem), values);
    for (const [ofParameters, ofTheInput] of [
      [convolutionParameterGradients, convolutionInputGradient],
      [parameterGradients, inputGradient],
    ] as const) {
      const parameters = ofParameters(input.tensor, kernel.tensor.shape, gradient.tensor);
      const result = ofTheInput(input.tensor.shape, kernel.tensor, gradient.tensor);
      assertClose(parameters.kernel, expected.kernelGradient);
      assert.deepEqual(parameters.kernel.shape, kernel.tensor.shape);
      assertClose(parameters.bias, expected.biasGradient);
      assertClose(result, expected.inputGradient);
      dispose(parameters.kernel, parameters.bias, result);
    }
    disposeAll(own);
  });
}
