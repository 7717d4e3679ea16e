import { voxelCount, type Triple } from '../../domain/image/grid.js';
import { describeNetwork } from '../../domain/training/networks/describe-network.js';
import type { Network, NetworkChoice } from '../../domain/training/networks/network.js';
import { nodeShapes, outputShape } from '../../domain/training/networks/node-shapes.js';
import { nodeChannels } from '../../domain/training/networks/parameter-layout.js';
import type { PredictionRange } from '../../domain/training/training-progress.js';
import type { AdamSettings } from '../../domain/training/training-settings.js';
import { adam, type AdamState } from './adam.js';
import { inputTensor, truthTensors, type BatchGeometry } from './batch.js';
import { reshape } from '../tensorflow/kernels.js';
import type { TensorLoss } from '../losses/tensor-loss.js';
import { plannedPass } from '../network/planned-pass.js';
import type { VectorPass } from '../network/vector-pass.js';
import { dispose, readFloats, reserve, type Tensor } from '../tensorflow/tensorflow.js';
import type { TrainingCase } from './training-case.js';

/** A network in training, with weights and optimiser in TensorFlow's memory. */
export interface Trainer {
  /** Runs one step on a batch and returns the loss before it. */
  step(cases: readonly TrainingCase[], learningRate: number): number;
  /** The loss of the current weights on a batch. */
  loss(cases: readonly TrainingCase[]): number;
  /** The loss, and the range of the predicted probabilities of the counted voxels ([0, 0] without one). */
  validate(cases: readonly TrainingCase[]): { readonly loss: number; readonly predictionRange: PredictionRange };
  state(): AdamState;
  weights(): Float32Array;
  dispose(): void;
}

export interface TrainerOptions {
  readonly network: NetworkChoice;
  readonly inputShape: Triple;
  readonly loss: TensorLoss;
  readonly adam: AdamSettings;
  readonly start: AdamState;
  /** How the network computes; every way gives the same bytes. */
  readonly passOf?: (network: Network) => VectorPass;
}

/** Throws CONFIG_INVALID if the input shape does not fit the network. */
export function trainer(options: TrainerOptions): Trainer {
  const { network, inputShape, loss, passOf = plannedPass } = options;
  const geometry: BatchGeometry = { network, inputShape, outputShape: outputShape(network, inputShape) };
  const description = describeNetwork(network);
  const pass = passOf(description);
  const optimiser = adam(options.start, options.adam);
  const outputVoxels = voxelCount(geometry.outputShape);
  reserve(valuesOf(description, inputShape));

  function withBatch<T>(
    cases: readonly TrainingCase[],
    work: (flat: Tensor, input: Tensor, maps: ReturnType<typeof truthTensors>) => T,
  ): T {
    const input = inputTensor(cases, geometry);
    const maps = truthTensors(cases, geometry);
    const flat = optimiser.weights.read();
    try {
      return work(flat, input, maps);
    } finally {
      dispose(flat, maps.truth, maps.mask, input);
    }
  }

  function lossAndGradient(cases: readonly TrainingCase[]): { readonly value: number; readonly gradient: Tensor } {
    return withBatch(cases, (flat, input, maps) => {
      const forward = pass.forward(flat, input);
      const logits = reshape(forward.logits, [cases.length, outputVoxels]);
      const result = loss.valueAndGradient({ logits, ...maps });
      const logitsGradient = reshape(result.gradient, forward.logits.shape);
      dispose(logits, result.gradient);
      return { value: result.value, gradient: forward.backward(logitsGradient) };
    });
  }

  function validate(cases: readonly TrainingCase[]): ReturnType<Trainer['validate']> {
    return withBatch(cases, (flat, input, maps) => {
      const output = pass.predict(flat, input);
      const logits = reshape(output, [cases.length, outputVoxels]);
      const value = loss.value({ logits, ...maps });
      const predictionRange = rangeOfProbabilities(
        readFloats(logits),
        maps.mask === undefined ? undefined : readFloats(maps.mask),
      );
      dispose(logits, output);
      return { loss: value, predictionRange };
    });
  }

  return {
    step: (cases, learningRate) => {
      const { value, gradient } = lossAndGradient(cases);
      // After disposing the read values of the parameters, so that the update happens in place.
      optimiser.step(gradient, learningRate);
      dispose(gradient);
      return value;
    },
    loss: (cases) => validate(cases).loss,
    validate,
    state: () => optimiser.state(),
    weights: () => optimiser.weights.values(),
    dispose: () => {
      optimiser.dispose();
    },
  };
}

function rangeOfProbabilities(logits: Float32Array, mask: Float32Array | undefined): PredictionRange {
  let lowest = Infinity;
  let highest = -Infinity;
  for (let i = 0; i < logits.length; i++) {
    if (mask !== undefined && mask[i] === 0) continue;
    const logit = logits[i] as number; // in range
    if (logit < lowest) lowest = logit;
    if (logit > highest) highest = logit;
  }
  const probability = (logit: number): number => 1 / (1 + Math.exp(-logit));
  return lowest > highest ? [0, 0] : [probability(lowest), probability(highest)];
}

/** As many numbers as all values of one image together have, about what a step needs. */
function valuesOf(network: Network, inputShape: Triple): number {
  const channels = nodeChannels(network);
  return nodeShapes(network, inputShape).reduce(
    (sum, shape, index) => sum + voxelCount(shape) * (channels[index] as number),
    0,
  );
}
