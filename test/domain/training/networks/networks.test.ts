import assert from 'node:assert/strict';
import test from 'node:test';
import { DomainError } from '../../../../domain/domain-error.js';
import type { Triple } from '../../../../domain/image/grid.js';
import { describeNetwork } from '../../../../domain/training/networks/describe-network.js';
import { initialWeights } from '../../../../domain/training/networks/initial-weights.js';
import {
  interpolationMatrix,
  tapInterpolationMatrix,
} from '../../../../domain/training/networks/interpolation-matrix.js';
import type { Dimensions, ModelName, Network, Upsampling } from '../../../../domain/training/networks/network.js';
import { outputShape } from '../../../../domain/training/networks/node-shapes.js';
import { parameterCount, parameterLayout } from '../../../../domain/training/networks/parameter-layout.js';

const network = (
  model: ModelName,
  dimensions: Dimensions,
  channels: number,
  upsampling: Upsampling = 'same',
): Network => describeNetwork({ model, dimensions, channels, upsampling });

/** Weights and biases of one convolution. */
const convolution = (kernelWidth: number, dimensions: Dimensions, from: number, to: number): number =>
  kernelWidth ** dimensions * from * to + to;

/**
 * Of a chain of 3-wide convolutions from `from` channels through the filters. The paper's U-Net: "[[10, 20], [20, 10]],
 * [[20, 40], [40, 20]], [[40, 80], [80, 40]]" before pooling and after up-sampling, "[40, 20]" at the bottom.
 */
function chain(dimensions: Dimensions, from: number, filters: readonly number[]): number {
  return filters.reduce(
    (sum, to, i) => sum + convolution(3, dimensions, i === 0 ? from : (filters[i - 1] as number), to),
    0,
  );
}

test("the U-Net has the parameters of the paper's filters, each decoder reading its level's skip and what comes from below", () => {
  for (const dimensions of [2, 3] as const) {
    for (const channels of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const expected =
        chain(dimensions, channels, [10, 20]) +
        chain(dimensions, 20, [20, 40]) +
        chain(dimensions, 40, [40, 80]) +
        chain(dimensions, 80, [40, 20]) +
        chain(dimensions, 80 + 20, [80, 40]) +
        chain(dimensions, 40 + 40, [40, 20]) +
        chain(dimensions, 20 + 20, [20, 10]) +
        convolution(1, dimensions, 10, 1);
      assert.equal(parameterCount(network('unet', dimensions, channels)), expected);
    }
  }
});

test('LR has a weight a channel and a bias', () => {
  for (const channels of [1, 2, 8]) assert.equal(parameterCount(network('lr', 3, channels)), channels + 1);
});

test("ConvNet is the U-Net's first level round the four convolutions of its second", () => {
  for (const dimensions of [2, 3] as const) {
    const expected =
      chain(dimensions, 1, [10, 20]) +
      chain(dimensions, 20, [20, 40, 40, 20]) +
      chain(dimensions, 20 + 20, [20, 10]) +
      convolution(1, dimensions, 10, 1);
    assert.equal(parameterCount(network('convnet', dimensions, 1)), expected);
  }
});

test('parameters follow each other without gaps, kernels before biases', () => {
  const layout = parameterLayout(network('unet', 3, 4));
  let offset = 0;
  for (const parameter of layout) {
    assert.equal(parameter.offset, offset);
    offset += parameter.size;
  }
  assert.deepEqual(layout[0], { name: 'encoder1.convolution1.kernel', shape: [3, 3, 3, 4, 10], offset: 0, size: 1080 });
  assert.deepEqual(layout.at(-1)?.name, 'logits.bias');
});

test("with valid up-sampling every model has the authors' output size", () => {
  for (const model of ['lr', 'convnet', 'unet'] as const) {
    const in3D = { model, dimensions: 3, channels: 4, upsampling: 'valid' } as const;
    assert.deepEqual(outputShape(in3D, [162, 162, 108]), [136, 136, 82]);
    assert.deepEqual(outputShape({ ...in3D, dimensions: 2 }, [243, 243, 1]), [217, 217, 1]);
    assert.deepEqual(outputShape({ ...in3D, upsampling: 'same' }, [162, 162, 108]), [162, 162, 108]);
  }
});

test('a size that does not fit is refused with the nearest that do', () => {
  const refusal = (model: ModelName, upsampling: Upsampling, shape: Triple): string => {
    try {
      outputShape({ model, dimensions: 3, channels: 1, upsampling }, shape);
    } catch (error) {
      assert.ok(error instanceof DomainError && error.code === 'CONFIG_INVALID');
      return error.message;
    }
    return '';
  };
  assert.match(refusal('unet', 'same', [80, 81, 20]), /54 or 81 × 81 × 27$/);
  assert.match(refusal('convnet', 'same', [80, 81, 20]), /78 or 81 × 81 × 18 or 21$/);
  assert.match(refusal('convnet', 'valid', [30, 30, 24]), /30 × 30 × 27$/);
  assert.match(refusal('lr', 'valid', [26, 27, 28]), /27 × 27 × 28$/);
  assert.equal(refusal('lr', 'same', [5, 7, 11]), '');
});

test('a 2D network refuses more than one slice', () => {
  assert.throws(
    () => outputShape({ model: 'unet', dimensions: 2, channels: 1, upsampling: 'same' }, [27, 27, 27]),
    DomainError,
  );
});

test('kernels start He-normal: deviation √(2 / fan-in), nothing beyond 2.28 deviations, biases 0', () => {
  const description = network('unet', 3, 4);
  const weights = initialWeights(description, [1, 'a', 0]);
  for (const { shape, offset, size } of parameterLayout(description)) {
    const values = weights.subarray(offset, offset + size);
    if (shape.length === 1) {
      assert.ok(values.every((value) => value === 0));
      continue;
    }
    const deviation = Math.sqrt(2 / (size / (shape.at(-1) as number)));
    assert.ok(values.every((value) => Math.abs(value) <= (2 * deviation) / 0.8796 + 1e-6));
    if (size < 10_000) continue;
    const measured = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / size);
    // The standard error of a deviation from 10,000 draws is 0.7 %.
    assert.ok(Math.abs(measured / deviation - 1) < 0.03, `${String(measured)} instead of ${String(deviation)}`);
  }
});

test('weights depend on the stream and the model, and on nothing else', () => {
  const description = network('convnet', 2, 1);
  assert.deepEqual(initialWeights(description, [1, 'a', 0]), initialWeights(description, [1, 'a', 0]));
  assert.notDeepEqual(initialWeights(description, [1, 'a', 0]), initialWeights(description, [1, 'a', 1]));
});

test('same up-sampling is linear with half-pixel centres and keeps the edge', () => {
  const { rows, columns, values } = interpolationMatrix(2, 'same');
  assert.deepEqual([rows, columns], [6, 2]);
  const expected = [1, 0, 1, 0, 2 / 3, 1 / 3, 1 / 3, 2 / 3, 0, 1, 0, 1];
  expected.forEach((value, index) => assert.ok(Math.abs((values[index] as number) - value) < 1e-7));
});

test('valid up-sampling is nearest repeat by 3 and a 3-wide average', () => {
  for (const size of [1, 2, 5]) {
    const { rows, values } = interpolationMatrix(size, 'valid');
    assert.equal(rows, 3 * size - 2);
    for (let row = 0; row < rows; row++) {
      const expected = new Array<number>(size).fill(0);
      for (const tap of [row, row + 1, row + 2]) {
        const source = Math.floor(tap / 3);
        expected[source] = (expected[source] as number) + 1 / 3;
      }
      expected.forEach((value, column) => {
        assert.ok(Math.abs((values[row * size + column] as number) - value) < 1e-7);
      });
    }
  }
});

test('the taps of a 3-wide convolution read the up-sampled voxel before, at and after theirs, and zeros outside', () => {
  for (const upsampling of ['same', 'valid'] as const) {
    const size = 4;
    const plain = interpolationMatrix(size, upsampling);
    const taps = tapInterpolationMatrix(size, upsampling);
    assert.deepEqual([taps.rows, taps.columns], [plain.rows, 3 * size]);
    for (let row = 0; row < taps.rows; row++) {
      for (let column = 0; column < taps.columns; column++) {
        const read = row + (column % 3) - 1;
        const inside = read >= 0 && read < plain.rows;
        const expected = inside ? plain.values[read * size + Math.floor(column / 3)] : 0;
        assert.equal(taps.values[row * taps.columns + column], expected);
      }
    }
  }
});
