import type { AdamSettings } from '../../domain/training/training-settings.js';
import { attribute, dispose, execute, floatScalar, type Tensor } from '../tensorflow/tensorflow.js';
import { variable, type Variable } from '../tensorflow/variables.js';

/** Adam's state over the flat parameter vector: weights, first and second moments, and number of steps. */
export interface AdamState {
  readonly steps: number;
  readonly weights: Float32Array;
  readonly firstMoments: Float32Array;
  readonly secondMoments: Float32Array;
}

export interface Adam {
  readonly weights: Variable;
  /** One step along the gradient of all parameters, which remains the caller's. */
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
 * Adam over one flat vector, with one kernel. Step t with rate η: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², w ← w − η ·
 * m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε).
 *
 * ε is added after the bias correction, as in Kingma and Ba's algorithm 1 and in PyTorch. TensorFlow's kernel adds it
 * before (their "ε̂", as in Keras), so it receives ε√(1−β₂ᵗ), which is equivalent. The two forms differ where gradients
 * are as small as ε; in the first steps, by a factor of up to 30 in ε.
 */
export function adam(start: AdamState, settings: AdamSettings): Adam {
  const weights = variable(start.weights);
  const firstMoments = variable(start.firstMoments);
  const secondMoments = variable(start.secondMoments);
  const variables = [weights, firstMoments, secondMoments];
  const betas = [settings.beta1, settings.beta2].map(floatScalar);
  let steps = start.steps;
  return {
    weights,
    step: (gradient, learningRate) => {
      steps += 1;
      const secondPower = settings.beta2 ** steps;
      const changing = [settings.beta1 ** steps, secondPower, learningRate].map(floatScalar);
      const epsilon = floatScalar(settings.epsilon * Math.sqrt(1 - secondPower));
      const handles = variables.map(({ handle }) => handle);
      execute('ResourceApplyAdam', attributes, [...handles, ...changing, ...betas, epsilon, gradient], 0);
      dispose(...changing, epsilon);
    },
    state: () => ({
      steps,
      weights: weights.values(),
      firstMoments: firstMoments.values(),
      secondMoments: secondMoments.values(),
    }),
    dispose: () => {
      for (const one of variables) one.dispose();
      dispose(...betas);
    },
  };
}
