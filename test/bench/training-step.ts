/**
 * Trains a U-Net on one random batch of equal cases and prints, as JSON, the milliseconds of each step and of
 * predicting one case, and the peak memory of training:
 * `training-step.js x,y,z channels steps [batch]`. A process of its own, so that the peak is its own.
 */
import type { Triple } from '../../domain/image/grid.js';
import { voxelCount } from '../../domain/image/grid.js';
import { randomStream } from '../../domain/random/random-stream.js';
import { describeNetwork } from '../../domain/training/networks/describe-network.js';
import { initialWeights } from '../../domain/training/networks/initial-weights.js';
import type { NetworkChoice } from '../../domain/training/networks/network.js';
import { adamStart } from '../../learning/training/adam.js';
import { chooseLoss } from '../../learning/losses/choose-loss.js';
import { predictor } from '../../learning/network/predict.js';
import { trainer } from '../../learning/training/trainer.js';
import { tinyTraining } from '../learning/support/small-problems.js';
import { peakMemory } from '../support/peak-memory.js';

const [shapeText = '', channelText = '', stepText = '', batchText = '1'] = process.argv.slice(2);
const [x = 1, y = 1, z = 1] = shapeText.split(',').map(Number);
const shape: Triple = [x, y, z];
const network: NetworkChoice = {
  model: 'unet',
  dimensions: z === 1 ? 2 : 3,
  channels: Number(channelText),
  upsampling: 'same',
};
const random = randomStream('bench');
const size = voxelCount(shape);
const one = {
  shape,
  images: Array.from({ length: network.channels }, () => Float32Array.from({ length: size }, () => random.normal())),
  label: Uint8Array.from({ length: size }, () => (random.uniform() > 0.9 ? 1 : 0)),
};
const batch = Array.from({ length: Number(batchText) }, () => one);
const weights = initialWeights(describeNetwork(network), ['bench']);
const model = trainer({
  network,
  inputShape: shape,
  loss: chooseLoss('ce', tinyTraining),
  adam: tinyTraining.adam,
  start: adamStart(weights),
});

function timed(work: () => void): number {
  const begin = performance.now();
  work();
  return performance.now() - begin;
}

const milliseconds = Array.from({ length: Number(stepText) }, () => timed(() => model.step(batch, 1e-3)));
const peakMebibytes = Math.round(peakMemory() / 2 ** 20);
const ready = predictor({ network, weights });
const [, ...warm] = [1, 2, 3, 4].map(() => timed(() => ready.predict(one)));
const prediction = Math.min(...warm);
process.stdout.write(`${JSON.stringify({ milliseconds, prediction, peakMebibytes })}\n`);
