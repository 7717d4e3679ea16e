import { DomainError } from '../../domain-error.js';

/** A loss with its parameters, as a config states it. docs/training.md has the formula of each. */
export type LossChoice =
  | 'ce'
  | 'sd'
  | 'batchSd'
  | 'squaredSd'
  | 'softJaccard'
  | 'generalisedDice'
  | 'diceSemimetric'
  | 'lovaszHinge'
  /** ε, in voxels. */
  | { readonly kind: 'smoothedSd'; readonly epsilon: number }
  /** Weights of false positives (α) and false negatives (β). */
  | { readonly kind: 'tversky'; readonly alpha: number; readonly beta: number }
  | { readonly kind: 'focal'; readonly gamma: number }
  /** Weight of soft Dice, between 0 and 1; cross-entropy has the rest. */
  | { readonly kind: 'ceSd'; readonly weight: number };

const withoutParameters: readonly LossChoice[] = [
  ...(['ce', 'sd', 'batchSd', 'squaredSd'] as const),
  ...(['softJaccard', 'generalisedDice', 'diceSemimetric', 'lovaszHinge'] as const),
];

/**
 * Whether the outputs of a network trained with this loss are probabilities. The Lovász hinge leaves open how far a logit
 * exceeds ±1, so that only the sign of its logits, and the volume of its masks, mean anything.
 */
export function yieldsProbabilities(name: string): boolean {
  return name !== 'lovaszHinge';
}

/**
 * The name of a loss in tables, unit ids and keys, such as `sd` or `tversky-0.3-0.7`: its kind, then its parameters. Two
 * losses have the same name only if they are the same.
 */
export function lossName(loss: LossChoice): string {
  if (typeof loss === 'string') return loss;
  return [loss.kind, ...parametersOf(loss)].join('-');
}

function parametersOf(loss: Exclude<LossChoice, string>): readonly number[] {
  switch (loss.kind) {
    case 'smoothedSd':
      return [loss.epsilon];
    case 'tversky':
      return [loss.alpha, loss.beta];
    case 'focal':
      return [loss.gamma];
    case 'ceSd':
      return [loss.weight];
  }
}

/** The loss with that name. Throws ARGUMENT_INVALID if there is none. */
export function lossNamed(name: string): LossChoice {
  const numbers = [...name.matchAll(/-(\d[\d.]*(?:e[+-]\d+)?)/g)].map(([, text]) => Number(text));
  const found = lossesWith(numbers).find((loss) => lossName(loss) === name);
  if (found === undefined) throw new DomainError('ARGUMENT_INVALID', `there is no loss named "${name}"`);
  return found;
}

/** Every loss with as many parameters. */
function lossesWith([first, second]: readonly number[]): readonly LossChoice[] {
  if (first === undefined) return withoutParameters;
  if (second !== undefined) return [{ kind: 'tversky', alpha: first, beta: second }];
  return [
    { kind: 'smoothedSd', epsilon: first },
    { kind: 'focal', gamma: first },
    { kind: 'ceSd', weight: first },
  ];
}
