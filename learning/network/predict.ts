import { DomainError } from '../../domain/domain-error.js';
import type { Triple } from '../../domain/image/grid.js';
import { describeNetwork } from '../../domain/training/networks/describe-network.js';
import { outputShape } from '../../domain/training/networks/node-shapes.js';
import { parameterCount, parameterLayout } from '../../domain/training/networks/parameter-layout.js';
import { copyCentreInto, inputTensor } from '../training/batch.js';
import { sigmoid } from '../tensorflow/kernels.js';
import { networkPass } from './network-pass.js';
import { splitParameters } from './parameters.js';
import { dispose, floatTensor, readFloats } from '../tensorflow/tensorflow.js';
import type { PredictionCase } from '../training/training-case.js';
import type { TrainedNetwork } from './weights-file.js';

/** Ŷ of one case on the centre of its crop: `values` has `shape`, x fastest, in [0, 1]. */
export interface Prediction {
  readonly shape: Triple;
  readonly values: Float32Array;
}

export interface Predictor {
  /** 0 wherever the case's mask is 0: at padding and outside the data set's mask. */
  predict(one: PredictionCase): Prediction;
  dispose(): void;
}

function zeroOutside(values: Float32Array, shape: Triple, one: PredictionCase): void {
  if (one.mask === undefined) return;
  const inside = new Float32Array(values.length);
  copyCentreInto(inside, 0, { values: one.mask, shape: one.shape, outputShape: shape });
  for (let i = 0; i < values.length; i++) if (inside[i] === 0) values[i] = 0;
}

/** A trained network for repeated use; keeps its weights in TensorFlow's memory until disposed. */
export function predictor({ network, weights }: TrainedNetwork): Predictor {
  const description = describeNetwork(network);
  const layout = parameterLayout(description);
  if (weights.length !== parameterCount(description)) {
    throw new DomainError(
      'ARGUMENT_INVALID',
      `the ${network.model} has ${String(parameterCount(description))} parameters, but got ${String(weights.length)}`,
    );
  }
  const flat = floatTensor([weights.length], weights);
  const parameters = splitParameters(flat, layout);
  dispose(flat);
  const pass = networkPass(description);
  return {
    predict: (one) => {
      const shape = outputShape(network, one.shape);
      const input = inputTensor([one], { network, inputShape: one.shape, outputShape: shape });
      const logits = pass.predict(parameters, input);
      const probabilities = sigmoid(logits);
      const values = readFloats(probabilities);
      dispose(input, logits, probabilities);
      zeroOutside(values, shape, one);
      return { shape, values };
    },
    dispose: () => {
      dispose(...parameters);
    },
  };
}
