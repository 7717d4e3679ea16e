import type { Network } from '../../domain/training/networks/network.js';
import { parameterLayout } from '../../domain/training/networks/parameter-layout.js';
import { dispose, type Tensor } from '../tensorflow/tensorflow.js';
import { networkPass } from './network-pass.js';
import { joinGradients, splitParameters } from './parameters.js';

/** A network's passes as functions of the flat parameter vector, which remains the caller's, as does the input. */
export interface VectorPass {
  /** Returns logits [case, …, 1], which the caller disposes. */
  predict(flat: Tensor, input: Tensor): Tensor;
  forward(flat: Tensor, input: Tensor): VectorForwardPass;
}

export interface VectorForwardPass {
  /** Kept until `backward`. */
  readonly logits: Tensor;
  /** Returns the gradient of the flat vector; disposes the given gradient and everything that was kept. */
  backward(logitsGradient: Tensor): Tensor;
}

/** The passes, one operation after another. */
export function vectorPass(network: Network): VectorPass {
  const layout = parameterLayout(network);
  const pass = networkPass(network);
  return {
    predict: (flat, input) => {
      const parameters = splitParameters(flat, layout);
      const logits = pass.predict(parameters, input);
      dispose(...parameters);
      return logits;
    },
    forward: (flat, input) => {
      const parameters = splitParameters(flat, layout);
      const passed = pass.forward(parameters, input);
      return {
        logits: passed.logits,
        backward: (logitsGradient) => {
          const gradient = joinGradients(passed.backward(logitsGradient), layout);
          dispose(...parameters);
          return gradient;
        },
      };
    },
  };
}
