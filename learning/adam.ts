import type { AdamSettings } from '../domain/training/training-settings.js';
import { attribute, dispose, execute, floatScalar, type Tensor } from './tensorflow.js';
import { variable, type Variable } from './variables.js';

/** Adam's state over the flat parameter vector: weights, first and second moments, and the steps done. */
export interface AdamState {
  readonly steps: number;
  readonly weights: Float32Array;
  readonly firstMoments: Float32Array;
  readonly secondMoments: Float32Array;
}

export interface Adam {
  readonly weights: Variable;
  /** One step along the gradient of all parameters, a vector that the caller keeps. */
  step(gradient: Tensor, learningRate: number): void;
  /** Copies of everything that the next step depends on. */
  state(): AdamState;
  dispose(): void;
}

export function adamStart(weights: Float32Array): AdamState {
  return {
    steps: 0,
    weights,
    firstMoments: new Float32Array(weights.length),
    secondMoments: new Float32Array(weights.length),
  };
}

const attributes = [
  attribute.floatType('T'),
  attribute.boolean('use_locking', false),
  attribute.boolean('use_nesterov', false),
];

/**
 * Adam over one flat vector by one kernel. Step t with rate η: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g²,
 * w ← w − η √(1−β₂ᵗ)/(1−β₁ᵗ) · m / (√v + ε).
 *
 * ε is added before the bias correction, as in TensorFlow and Keras (Kingma and Ba's "ε̂", end of section 2), not
 * after it as in PyTorch: the same until gradients are as small as ε.
 */
export function adam(start: AdamState, settings: AdamSettings): Adam {
  const weights = variable(start.weights);
  const firstMoments = variable(start.firstMoments);
  const secondMoments = variable(start.secondMoments);
  const variables = [weights, firstMoments, secondMoments];
  const fixed = [settings.beta1, settings.beta2, settings.epsilon].map(floatScalar);
  let steps = start.steps;
  return {
    weights,
    step: (gradient, learningRate) => {
      steps += 1;
      const powers = [settings.beta1 ** steps, settings.beta2 ** steps, learningRate].map(floatScalar);
      const handles = variables.map(({ handle }) => handle);
      execute('ResourceApplyAdam', attributes, [...handles, ...powers, ...fixed, gradient], 0);
      dispose(...powers);
    },
    state: () => ({
      steps,
      weights: weights.values(),
      firstMoments: firstMoments.values(),
      secondMoments: secondMoments.values(),
    }),
    dispose: () => {
      for (const one of variables) one.dispose();
      dispose(...fixed);
    },
  };
}
