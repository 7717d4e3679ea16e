import assert from 'node:assert/strict';
import test from 'node:test';
import { DomainError } from '../../../domain/domain-error.js';
import type { Triple } from '../../../domain/image/grid.js';
import { describeNetwork } from '../../../domain/training/networks/describe-network.js';
import { initialWeights } from '../../../domain/training/networks/initial-weights.js';
import type { NetworkChoice } from '../../../domain/training/networks/network.js';
import { predictor } from '../../../learning/network/predict.js';
import { predict } from '../support/predict.js';
import { processNumerics } from '../../../learning/tensorflow/process-numerics.js';
import { liveTensorCount } from '../support/live-tensor-count.js';
import { boxCase } from '../support/small-problems.js';

const trained = (network: NetworkChoice): { network: NetworkChoice; weights: Float32Array } => ({
  network,
  weights: initialWeights(describeNetwork(network), [1]),
});

const unet = (dimensions: 2 | 3, upsampling: 'same' | 'valid'): NetworkChoice => ({
  model: 'unet',
  dimensions,
  channels: 2,
  upsampling,
});

test('LR predicts the logistic function of each voxel of the output region, in x-fastest order', () => {
  const shape: Triple = [27, 30, 28];
  const network: NetworkChoice = { model: 'lr', dimensions: 3, channels: 2, upsampling: 'valid' };
  const one = boxCase(shape, 2, 'a');
  const prediction = predict({ network, weights: Float32Array.of(2, -1, 0.5) }, one);
  assert.deepEqual(prediction.shape, [1, 4, 2]);
  prediction.values.forEach((value, index) => {
    const voxel = 13 + 27 * (13 + (index % 4) + 30 * (13 + Math.floor(index / 4)));
    const [a, b] = one.images.map((image) => image[voxel] as number) as [number, number];
    assert.ok(Math.abs(value - 1 / (1 + Math.exp(-(2 * a - b + 0.5)))) < 1e-6);
  });
});

test('predictions have the output shape and lie between 0 and 1', () => {
  for (const upsampling of ['same', 'valid'] as const) {
    const { shape, values } = predict(trained(unet(2, upsampling)), boxCase([54, 81, 1], 2, 'a'));
    assert.deepEqual(shape, upsampling === 'same' ? [54, 81, 1] : [28, 55, 1]);
    assert.equal(values.length, shape[0] * shape[1]);
    assert.ok(values.every((value) => value >= 0 && value <= 1));
  }
});

test('a prediction is 0 outside the mask and unchanged inside', () => {
  const one = boxCase([54, 54, 1], 2, 'a');
  const mask = one.label.map((_, index) => (index % 54 < 27 ? 1 : 0));
  const open = predict(trained(unet(2, 'valid')), one).values;
  const masked = predict(trained(unet(2, 'valid')), { ...one, mask }).values;
  // The output's x begins 13 voxels into the crop, so its first 14 columns are inside.
  masked.forEach((value, index) => assert.equal(value, index % 28 < 14 ? open[index] : 0));
});

test('the same case gives the same bytes', () => {
  const one = boxCase([27, 27, 27], 2, 'a');
  assert.deepEqual(predict(trained(unet(3, 'same')), one), predict(trained(unet(3, 'same')), one));
});

test('a predictor leaves no tensors behind', () => {
  const work = (): void => {
    const ready = predictor(trained(unet(2, 'valid')));
    for (const name of ['a', 'b']) ready.predict(boxCase([54, 54, 1], 2, name));
    ready.dispose();
  };
  work();
  const before = liveTensorCount();
  work();
  assert.equal(liveTensorCount(), before);
});

test('wrong channels, shapes and weights are refused', () => {
  const one = boxCase([27, 27, 1], 1, 'a');
  const refused = (code: string) => (error: unknown) => error instanceof DomainError && error.code === code;
  assert.throws(() => predict(trained(unet(2, 'same')), one), refused('IMAGE_SHAPE_MISMATCH'));
  const short = { ...boxCase([27, 27, 1], 2, 'a'), images: [new Float32Array(5), new Float32Array(5)] };
  assert.throws(() => predict(trained(unet(2, 'same')), short), refused('IMAGE_SHAPE_MISMATCH'));
  assert.throws(
    () => predictor({ network: unet(2, 'same'), weights: new Float32Array(3) }),
    refused('ARGUMENT_INVALID'),
  );
});

test('a process knows its library, its device and the settings that change numbers', () => {
  const { tensorflow, tfjs, gpu, settings } = processNumerics({ TF_NUM_INTRAOP_THREADS: '2', HOME: '/root' });
  assert.match(tensorflow, /^\d+\.\d+/);
  assert.match(tfjs, /^\d+\.\d+/);
  assert.equal(typeof gpu, 'boolean');
  assert.equal(settings['TF_NUM_INTRAOP_THREADS'], '2');
  assert.equal(settings['NVIDIA_TF32_OVERRIDE'], null);
  assert.ok(!('HOME' in settings));
});
