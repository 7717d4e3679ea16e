import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { poolingBackward } from '../../../learning/layers/pooling.js';
import * as kernels from '../../../learning/tensorflow/kernels.js';
import {
  ownConvolution,
  ownInputGradient,
  ownInterpolation,
  ownParameterGradients,
  ownPoolingGradient,
} from '../../../learning/tensorflow/own-kernels.js';
import {
  attribute,
  dispose,
  executeOne,
  floatTensor,
  readFloats,
  type Tensor,
} from '../../../learning/tensorflow/tensorflow.js';
import { expectPrecision } from '../../../learning/tensorflow/process-numerics.js';
import { repositoryRoot } from '../../support/paths.js';
import { convolutionByDefinition, type ConvolutionProblem } from '../support/convolution-by-definition.js';
import { liveTensorCount } from '../support/live-tensor-count.js';
import { normalTensor as normal, relativeDistance } from '../support/random-tensors.js';

const slope = 0.01;

/** Within a few roundings of the largest value: sums of thousands of products in single precision. */
function assertClose(actual: Tensor | undefined, expected: Float64Array, tolerance = 2e-6): void {
  assert.ok(actual !== undefined, 'our own kernels need a processor with AVX2 and FMA');
  const distance = relativeDistance(actual, expected);
  assert.ok(distance <= tolerance, `differs by ${String(distance)} of the largest value`);
}

const leaky = (value: number): number => (value < 0 ? slope * value : value);

// Sizes that are odd and even, smaller than a tile, and such that there are several tiles, runs of tiles and parts.
const problems: readonly ConvolutionProblem[] = [
  { sizes: [1, 4, 5, 3], window: [3, 3, 3], inputs: 3, outputs: 8 },
  { sizes: [2, 3, 4, 5], window: [3, 3, 3], inputs: 10, outputs: 20 },
  { sizes: [1, 5, 6, 75], window: [3, 3, 3], inputs: 20, outputs: 10 },
  { sizes: [1, 9, 20, 67], window: [3, 3, 3], inputs: 4, outputs: 10 },
  { sizes: [1, 1, 1, 1], window: [3, 3, 3], inputs: 9, outputs: 11 },
  { sizes: [2, 7, 6, 5], window: [3, 3, 1], inputs: 20, outputs: 60 },
  { sizes: [3, 1, 9, 71], window: [1, 3, 3], inputs: 1, outputs: 10 },
  { sizes: [1, 1, 2, 2], window: [1, 3, 3], inputs: 80, outputs: 40 },
  { sizes: [2, 1, 9, 40], window: [1, 3, 1], inputs: 20, outputs: 60 },
];

describe('our own convolutions', () => {
  for (const problem of problems) {
    const { sizes, window, inputs, outputs } = problem;
    const isFlat = window[0] === 1;
    const spatial = isFlat ? sizes.slice(2) : sizes.slice(1);
    const kernelShape = [...(isFlat ? window.slice(1) : window), inputs, outputs];
    const name = `${sizes.join('×')}, window ${window.join('×')}, ${String(inputs)} → ${String(outputs)} channels`;

    test(`${name}: are what the definition says, as are their gradients`, () => {
      const before = liveTensorCount();
      const input = normal('input', [sizes[0], ...spatial, inputs]);
      const kernel = normal('kernel', kernelShape);
      const output = normal('output', [sizes[0], ...spatial, outputs]);
      const bias = normal('bias', [outputs]);
      const expected = convolutionByDefinition(problem, {
        input: input.values,
        kernel: kernel.values,
        output: output.values,
      });
      const following = { bias: bias.tensor, addend: output.tensor, activation: 'leakyRelu' } as const;
      const results = [
        ownConvolution(input.tensor, kernel.tensor),
        ownConvolution(input.tensor, kernel.tensor, following),
      ];
      assertClose(results[0], expected.output);
      const followed = expected.output.map((value, index) =>
        leaky(value + (bias.values[index % outputs] as number) + (output.values[index] as number)),
      );
      assertClose(results[1], followed);
      if (inputs >= 8) {
        results.push(ownInputGradient(kernel.tensor, output.tensor));
        assertClose(results[2], expected.inputGradient);
        results.push(ownInputGradient(kernel.tensor, output.tensor, input.tensor));
        const through = expected.inputGradient.map(
          (value, index) => value * ((input.values[index] as number) > 0 ? 1 : slope),
        );
        assertClose(results[3], through);
      } else {
        assert.equal(ownInputGradient(kernel.tensor, output.tensor), undefined);
      }
      const parameters = ownParameterGradients(input.tensor, kernelShape, output.tensor);
      assertClose(parameters?.kernel, expected.kernelGradient);
      assertClose(parameters?.bias, expected.biasGradient);
      const tensors = [input, kernel, output, bias].map(({ tensor }) => tensor);
      dispose(...tensors, ...results, parameters?.kernel, parameters?.bias);
      assert.equal(liveTensorCount(), before);
    });
  }

  const script = join(repositoryRoot, 'dist', 'test', 'learning', 'support', 'own-kernels-process.js');
  const runWith = (environment: Record<string, string>): { digest: string; distance: number } =>
    JSON.parse(
      execFileSync(process.execPath, [script], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', ...environment },
      }),
    ) as { digest: string; distance: number };

  test('give the same bytes with any number of threads and with narrower instructions', () => {
    const { digest } = runWith({ TF_NUM_INTRAOP_THREADS: '1' });
    for (const threads of ['2', '5']) assert.equal(runWith({ TF_NUM_INTRAOP_THREADS: threads }).digest, digest);
    assert.equal(runWith({ TF_NUM_INTRAOP_THREADS: '2', ONEDNN_MAX_CPU_ISA: 'AVX2' }).digest, digest, 'AVX2');
  });

  const inBfloat16 = { VOLBIAS_PRECISION: 'bfloat16', TF_NUM_INTRAOP_THREADS: '1' };
  const hasBfloat16 = /\bavx512_bf16\b/.test(readFileSync('/proc/cpuinfo', 'utf8'));

  test('in bfloat16 round their factors to 8 bits', { skip: !hasBfloat16 && 'no AVX512_BF16 here' }, () => {
    const { digest, distance } = runWith(inBfloat16);
    // Half a unit in the last place is 2⁻⁹ of a factor; the transforms add up to four of them.
    assert.ok(distance > 2 ** -12 && distance < 2 ** -6, String(distance));
    assert.equal(runWith({ ...inBfloat16, TF_NUM_INTRAOP_THREADS: '3' }).digest, digest);
  });

  test('in bfloat16 refuse a processor without its instructions', () => {
    assert.throws(() => runWith({ ...inBfloat16, ONEDNN_MAX_CPU_ISA: 'AVX2' }), /needs a processor with AVX512_BF16/);
  });

  test('refuse tensors that do not fit', () => {
    const image = floatTensor([1, 4, 4, 8], new Float32Array(128));
    const kernel = floatTensor([3, 3, 9, 8], new Float32Array(648));
    const attributes = [
      attribute.integer('count', 0),
      attribute.boolean('input_gradient', false),
      attribute.float('slope', 1),
    ];
    assert.throws(() => executeOne('VolbiasConvolution', attributes, [image, kernel]), /the channels do not fit/);
    assert.throws(() => executeOne('VolbiasConvolution', attributes, [kernel, image]), /images and kernel do not fit/);
    const empty = floatTensor([1, 4, 0, 8], new Float32Array(0));
    const fitting = floatTensor([3, 3, 8, 8], new Float32Array(576));
    assert.throws(() => executeOne('VolbiasConvolution', attributes, [empty, fitting]), /images and kernel do not fit/);
    assert.throws(() => ownParameterGradients(empty, [3, 3, 8, 8], empty), /images and gradients do not fit/);
    dispose(image, kernel, empty, fitting);
  });
});

describe('our own pooling gradient', () => {
  for (const shape of [
    [2, 6, 9, 3, 20],
    [1, 3, 12, 9],
  ]) {
    test(`is TensorFlow's, with an addend and through a leaky ReLU: ${shape.join('×')}`, () => {
      const pooled = shape.map((size, axis) => (axis > 0 && axis < shape.length - 1 ? size / 3 : size));
      for (const [adds, activates] of [
        [false, false],
        [true, false],
        [false, true],
        [true, true],
      ]) {
        const gradient = normal('gradient', pooled);
        const addend = adds === true ? normal('addend', shape) : undefined;
        const activated = activates === true ? normal('activated', shape) : undefined;
        const own = ownPoolingGradient(gradient.tensor, { addend: addend?.tensor, activated: activated?.tensor });
        const theirs = kernels.averagePoolGradient(shape, gradient.tensor);
        const expected = Float64Array.from(readFloats(theirs), (value, index) => {
          const sum = value + (addend?.values[index] ?? 0);
          return activated === undefined || (activated.values[index] as number) > 0 ? sum : slope * sum;
        });
        assertClose(own, expected, 3e-7);
        dispose(own, theirs, gradient.tensor, addend?.tensor, activated?.tensor);
      }
    });
  }

  test('with few channels it is TensorFlow’s', () => {
    const before = liveTensorCount();
    const [gradient, addend, activated] = [
      normal('g', [1, 1, 2, 4]),
      normal('a', [1, 3, 6, 4]),
      normal('x', [1, 3, 6, 4]),
    ];
    const expected = Float64Array.from(addend.values, (value, index) => {
      const [x, channel] = [Math.floor(index / 4) % 6, index % 4];
      const sum = value + (gradient.values[Math.floor(x / 3) * 4 + channel] as number) / 9;
      return (activated.values[index] as number) > 0 ? sum : slope * sum;
    });
    const options = { shape: [1, 3, 6, 4], addend: addend.tensor, activated: activated.tensor };
    const result = poolingBackward(gradient.tensor, options);
    assertClose(result, expected, 3e-7);
    dispose(result, activated.tensor);
    assert.equal(liveTensorCount(), before + 1, 'only the shape that TensorFlow keeps as a constant is left');
  });
});

describe('our own interpolation', () => {
  for (const [count, width] of [
    [3, 20],
    [200, 3],
    [1, 2100],
  ] as const) {
    test(`is a matrix product: ${String(count)} × ${String(width)}`, () => {
      const [rows, columns] = [6, 9];
      const values = Float32Array.from({ length: rows * columns }, (_, index) =>
        index % 4 === 0 ? Math.sin(index) : 0,
      );
      const matrix = floatTensor([rows, columns], values);
      for (const form of ['plain', 'transposed'] as const) {
        const stack = normal('stack', [count, form === 'plain' ? columns : rows, width]);
        const [own, theirs] = [
          ownInterpolation(matrix, stack.tensor, form),
          kernels.matrixTimesStack(matrix, stack.tensor, form),
        ];
        assert.deepEqual(own?.shape, theirs.shape);
        assertClose(own, Float64Array.from(readFloats(theirs)), 3e-7);
        dispose(own, theirs, stack.tensor);
      }
      dispose(matrix);
    });
  }
});

test('bfloat16 without our kernels is refused, not computed in float32', () => {
  expectPrecision({ VOLBIAS_PRECISION: 'bfloat16' }, true);
  expectPrecision({ VOLBIAS_PRECISION: 'float32' }, false);
  expectPrecision({}, false);
  assert.throws(
    () => {
      expectPrecision({ VOLBIAS_PRECISION: 'bfloat16' }, false);
    },
    {
      code: 'CONFIG_INVALID',
      message: /precision: bfloat16 needs our own kernels, .*: use a processor .*, or float32/,
    },
  );
});
