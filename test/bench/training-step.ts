/**
 * Trains a U-Net on one random batch and prints the milliseconds of each step and the peak memory, as JSON:
 * `training-step.js x,y,z channels steps`. A process of its own, so that the peak is its own.
 */
import type { Triple } from '../../domain/image/grid.js';
import { voxelCount } from '../../domain/image/grid.js';
import { randomStream } from '../../domain/random/random-stream.js';
import { describeNetwork } from '../../domain/training/networks/describe-network.js';
import { initialWeights } from '../../domain/training/networks/initial-weights.js';
import type { NetworkChoice } from '../../domain/training/networks/network.js';
import { adamStart } from '../../learning/adam.js';
import { chooseLoss } from '../../learning/losses/choose-loss.js';
import { trainer } from '../../learning/trainer.js';
import { tinyTraining } from '../learning/support/small-problems.js';

const [shapeText = '', channelText = '', stepText = ''] = process.argv.slice(2);
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
const model = trainer({
  network,
  inputShape: shape,
  loss: chooseLoss('ce', tinyTraining),
  adam: tinyTraining.adam,
  start: adamStart(initialWeights(describeNetwork(network), ['bench'])),
});
const milliseconds: number[] = [];
for (let step = 0; step < Number(stepText); step++) {
  const begin = performance.now();
  model.step([one], 1e-3);
  milliseconds.push(performance.now() - begin);
}
const peakMebibytes = Math.round(process.resourceUsage().maxRSS / 1024);
process.stdout.write(`${JSON.stringify({ milliseconds, peakMebibytes })}\n`);
