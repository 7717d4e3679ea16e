import { smallEpsilon } from '../../domain/training/losses/voxel-sums.js';
import * as kernels from '../tensorflow/kernels.js';
import { floatTensor, readFloats, type Tensor } from '../tensorflow/tensorflow.js';
import { countedPrediction, masked, withTensors } from './counted.js';
import type { LossBatch, TensorLoss } from './tensor-loss.js';

/** Of one image: the loss, and its derivative in ŷ, which is `slope`·sign(ŷ − y) + `offset`. */
interface SemimetricOfImage {
  readonly value: number;
  readonly slope: number;
  readonly offset: number;
}

/** Σ|ŷ − y| / (Σŷ + Σy + ε) of each image. */
function ofImages(prediction: Tensor, difference: Tensor, { truth, mask }: LossBatch): SemimetricOfImage[] {
  return withTensors((own) => {
    const sums = (tensor: Tensor): Float32Array => readFloats(own(kernels.sum(tensor, [1])));
    const errors = sums(own(kernels.unary('Abs', difference)));
    const predicted = sums(prediction);
    const truths = sums(mask === undefined ? truth : own(kernels.combine('Mul', truth, mask)));
    return Array.from(errors, (error, index) => {
      const size = (predicted[index] as number) + (truths[index] as number) + smallEpsilon;
      return { value: error / size, slope: 1 / size, offset: -error / size ** 2 };
    });
  });
}

function mean(images: readonly SemimetricOfImage[]): number {
  return images.reduce((sum, { value }) => sum + value, 0) / images.length;
}

function gradient(prediction: Tensor, difference: Tensor, images: readonly SemimetricOfImage[]): Tensor {
  return withTensors((own) => {
    const column = (of: (image: SemimetricOfImage) => number): Tensor =>
      own(
        floatTensor(
          [images.length, 1],
          Float32Array.from(images, (image) => of(image) / images.length),
        ),
      );
    const sign = own(kernels.unary('Sign', difference));
    const scaled = own(
      kernels.combine(
        'Mul',
        sign,
        column(({ slope }) => slope),
      ),
    );
    const inPrediction = own(
      kernels.combine(
        'AddV2',
        scaled,
        column(({ offset }) => offset),
      ),
    );
    return kernels.sigmoidGradient(prediction, inPrediction);
  });
}

function evaluate<T>(batch: LossBatch, work: (prediction: Tensor, difference: Tensor) => T): T {
  return withTensors((own) => {
    const prediction = own(countedPrediction(batch));
    const difference = own(masked(kernels.combine('Sub', prediction, batch.truth), batch.mask));
    return work(prediction, difference);
  });
}

/**
 * Dice semimetric loss Σ|ŷ − y| / (Σŷ + Σy + ε) of each image, then the mean; range [0, 1), 0 at ŷ = y. With truths of 0
 * and 1 it is soft Dice; with truths between, soft Dice is least at a binary ŷ and this loss at ŷ = y. Without a counted
 * voxel it is 0, with gradient 0. Source: Wang et al. 2023.
 */
export const diceSemimetric: TensorLoss = {
  value: (batch) => evaluate(batch, (prediction, difference) => mean(ofImages(prediction, difference, batch))),
  valueAndGradient: (batch) =>
    evaluate(batch, (prediction, difference) => {
      const images = ofImages(prediction, difference, batch);
      return { value: mean(images), gradient: gradient(prediction, difference, images) };
    }),
};
