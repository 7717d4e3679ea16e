import { softDiceFromSums, type SoftDiceSettings, type SoftDiceSums } from '../../domain/training/losses/sd.js';
import * as kernels from '../tensorflow/kernels.js';
import { dispose, floatTensor, readFloats, type Tensor } from '../tensorflow/tensorflow.js';
import type { LossBatch, TensorLoss } from './tensor-loss.js';

/** σ(z), 0 at voxels that do not count. */
function predicted({ logits, mask }: LossBatch): Tensor {
  const sigma = kernels.sigmoid(logits);
  if (mask === undefined) return sigma;
  const result = kernels.combine('Mul', sigma, mask);
  dispose(sigma);
  return result;
}

/** Σy of each case. */
function truthSums({ truth, mask }: LossBatch): Float32Array {
  if (mask === undefined) return sumOfEachCase(truth);
  const counted = kernels.combine('Mul', truth, mask);
  const result = sumOfEachCase(counted);
  dispose(counted);
  return result;
}

function sumOfEachCase(tensor: Tensor): Float32Array {
  const sums = kernels.sum(tensor, [1]);
  const result = readFloats(sums);
  dispose(sums);
  return result;
}

/** The sums of each case, or the total over all cases, repeated for each case. */
function sums(prediction: Tensor, batch: LossBatch, reduction: SoftDiceSettings['reduction']): readonly SoftDiceSums[] {
  const product = kernels.combine('Mul', prediction, batch.truth);
  const overlaps = sumOfEachCase(product);
  dispose(product);
  const predictions = sumOfEachCase(prediction);
  const truths = truthSums(batch);
  const cases = Array.from(overlaps, (overlap, index) => ({
    overlap,
    predicted: predictions[index] as number,
    truth: truths[index] as number,
  }));
  if (reduction === 'image') return cases;
  const add = (key: keyof SoftDiceSums): number => cases.reduce((sum, one) => sum + one[key], 0);
  const all = { overlap: add('overlap'), predicted: add('predicted'), truth: add('truth') };
  return cases.map(() => all);
}

/** (slope·y + offset) · ŷ (1 − ŷ), with each case's own slope and offset. */
function gradient(prediction: Tensor, truth: Tensor, slopes: Float32Array, offsets: Float32Array): Tensor {
  const column = [slopes.length, 1];
  const slope = floatTensor(column, slopes);
  const offset = floatTensor(column, offsets);
  const scaled = kernels.combine('Mul', truth, slope);
  const inPrediction = kernels.combine('AddV2', scaled, offset);
  const result = kernels.sigmoidGradient(prediction, inPrediction);
  dispose(slope, offset, scaled, inPrediction);
  return result;
}

/**
 * Soft Dice loss (`softDiceFromSums`) with all sums over the counted voxels. Without any, of an image or of the whole
 * batch, it is 0 by ε, with gradient 0.
 */
export function softDice(settings: SoftDiceSettings): TensorLoss {
  const { epsilon, reduction } = settings;
  const evaluate = (prediction: Tensor, batch: LossBatch): ReturnType<typeof softDiceFromSums>[] =>
    sums(prediction, batch, reduction).map((group) => softDiceFromSums(group, epsilon));
  const mean = (results: readonly { readonly value: number }[]): number =>
    results.reduce((sum, result) => sum + result.value, 0) / results.length;
  return {
    value: (batch) => {
      const prediction = predicted(batch);
      const results = evaluate(prediction, batch);
      dispose(prediction);
      return mean(results);
    },
    valueAndGradient: (batch) => {
      const prediction = predicted(batch);
      const results = evaluate(prediction, batch);
      const weight = reduction === 'image' ? 1 / results.length : 1;
      const slopes = Float32Array.from(results, ({ slope }) => weight * slope);
      const offsets = Float32Array.from(results, ({ offset }) => weight * offset);
      const result = { value: mean(results), gradient: gradient(prediction, batch.truth, slopes, offsets) };
      dispose(prediction);
      return result;
    },
  };
}
