import type { LossOfSums, VoxelSums } from '../../domain/training/losses/voxel-sums.js';
import * as kernels from '../tensorflow/kernels.js';
import { dispose, floatTensor, readFloats, type Tensor } from '../tensorflow/tensorflow.js';
import { countedPrediction, masked } from './counted.js';
import type { LossBatch, TensorLoss } from './tensor-loss.js';

/** A loss of sums over the counted voxels. */
export interface RatioLoss<Name extends keyof VoxelSums> {
  /** The sums that the loss is computed from; no others are. */
  readonly needs: readonly Name[];
  /** `image`: the mean of the losses of the images; `batch`: one loss of the sums over all images. */
  readonly reduction: 'image' | 'batch';
  readonly of: (sums: Pick<VoxelSums, Name>) => LossOfSums;
}

/**
 * The tensor form of a loss of sums. An image without a counted voxel, or a batch of such, has the loss of sums of 0,
 * with gradient 0.
 */
export function ratioLoss<Name extends keyof VoxelSums>({ needs, reduction, of }: RatioLoss<Name>): TensorLoss {
  const evaluate = (prediction: Tensor, batch: LossBatch): LossOfSums[] => {
    const cases = batch.logits.shape[0] as number;
    const sums = new Map(needs.map((name) => [name, reduced(sumOf[name](prediction, batch), reduction)]));
    return Array.from({ length: cases }, (_, index) => {
      const own = Object.fromEntries(needs.map((name) => [name, sums.get(name)?.[index] as number]));
      return of(own as Pick<VoxelSums, Name>);
    });
  };
  const mean = (results: readonly LossOfSums[]): number =>
    results.reduce((sum, result) => sum + result.value, 0) / results.length;
  return {
    value: (batch) => {
      const prediction = countedPrediction(batch);
      const results = evaluate(prediction, batch);
      dispose(prediction);
      return mean(results);
    },
    valueAndGradient: (batch) => {
      const prediction = countedPrediction(batch);
      const results = evaluate(prediction, batch);
      const weight = reduction === 'image' ? 1 / results.length : 1;
      const result = { value: mean(results), gradient: gradient(prediction, batch.truth, results, weight) };
      dispose(prediction);
      return result;
    },
  };
}

/** Each sum, for each case. */
const sumOf: {
  readonly [Name in keyof VoxelSums]: (prediction: Tensor, batch: LossBatch) => ArrayLike<number>;
} = {
  overlap: (prediction, { truth }) => sumOfEachCase(kernels.combine('Mul', prediction, truth)),
  predicted: (prediction) => sumOfEachCase(prediction, 'kept'),
  truth: (_, { truth, mask }) =>
    mask === undefined ? sumOfEachCase(truth, 'kept') : sumOfEachCase(kernels.combine('Mul', truth, mask)),
  predictedSquares: (prediction) => sumOfEachCase(kernels.combine('Mul', prediction, prediction)),
  truthSquares: (_, { truth, mask }) => sumOfEachCase(masked(kernels.combine('Mul', truth, truth), mask)),
  voxels: (_, { logits: { shape }, mask }) =>
    mask === undefined ? new Array<number>(shape[0] as number).fill(shape[1] as number) : sumOfEachCase(mask, 'kept'),
};

function sumOfEachCase(tensor: Tensor, fate: 'kept' | 'disposed' = 'disposed'): Float32Array {
  const sums = kernels.sum(tensor, [1]);
  const result = readFloats(sums);
  dispose(sums, fate === 'disposed' ? tensor : undefined);
  return result;
}

/** The sums of each case, or their total in double precision, repeated for each case. */
function reduced(sums: ArrayLike<number>, reduction: 'image' | 'batch'): readonly number[] {
  const cases = Array.from(sums);
  if (reduction === 'image') return cases;
  const total = cases.reduce((sum, one) => sum + one, 0);
  return cases.map(() => total);
}

/** (slope·y + offset + ownSlope·ŷ) · ŷ (1 − ŷ), with each case's own factors times the weight. */
function gradient(prediction: Tensor, truth: Tensor, results: readonly LossOfSums[], weight: number): Tensor {
  const column = (of: (result: LossOfSums) => number): Tensor =>
    floatTensor(
      [results.length, 1],
      Float32Array.from(results, (result) => weight * of(result)),
    );
  const slope = column((result) => result.slope);
  const offset = column((result) => result.offset);
  const scaled = kernels.combine('Mul', truth, slope);
  const linear = kernels.combine('AddV2', scaled, offset);
  dispose(slope, offset, scaled);
  const inPrediction = results.some(({ ownSlope = 0 }) => ownSlope !== 0)
    ? withOwn(
        linear,
        prediction,
        column(({ ownSlope = 0 }) => ownSlope),
      )
    : linear;
  const result = kernels.sigmoidGradient(prediction, inPrediction);
  dispose(inPrediction);
  return result;
}

/** linear + ownSlope · ŷ; disposes all but the prediction. */
function withOwn(linear: Tensor, prediction: Tensor, ownSlope: Tensor): Tensor {
  const own = kernels.combine('Mul', prediction, ownSlope);
  const result = kernels.combine('AddV2', linear, own);
  dispose(linear, ownSlope, own);
  return result;
}
