import type { EvaluationGrid } from '../../evaluate/evaluation-row.js';
import { lossNamed, type LossChoice } from '../../training/losses/loss-choice.js';

const models: Readonly<Record<string, string>> = { lr: 'LR', convnet: 'ConvNet', unet: 'U-Net' };

/** The names of a loss in tables and in sentences; those of the paper, if it has the loss. */
interface LossLabels {
  readonly short: string;
  readonly long: string;
}

const lossesWithoutParameters: Readonly<Record<Extract<LossChoice, string>, LossLabels>> = {
  ce: { short: 'CE', long: 'cross-entropy' },
  sd: { short: 'SD', long: 'soft Dice' },
  batchSd: { short: 'batch SD', long: 'batch soft Dice' },
  squaredSd: { short: 'SD²', long: 'soft Dice with squared denominator' },
  softJaccard: { short: 'Jaccard', long: 'soft Jaccard' },
  generalisedDice: { short: 'gen. Dice', long: 'generalised Dice' },
  diceSemimetric: { short: 'semimetric', long: 'Dice semimetric' },
  lovaszHinge: { short: 'Lovász', long: 'Lovász hinge' },
};

function lossLabels(name: string): LossLabels {
  const loss = lossNamed(name);
  if (typeof loss === 'string') return lossesWithoutParameters[loss];
  switch (loss.kind) {
    case 'smoothedSd':
      return { short: `SD ε=${loss.epsilon}`, long: `soft Dice with ε = ${loss.epsilon}` };
    case 'tversky':
      return { short: `Tversky ${loss.alpha}/${loss.beta}`, long: `Tversky (α = ${loss.alpha}, β = ${loss.beta})` };
    case 'focal':
      return { short: `focal γ=${loss.gamma}`, long: `focal loss (γ = ${loss.gamma})` };
    case 'ceSd':
      return { short: `CE+SD ${loss.weight}`, long: `cross-entropy + soft Dice (weight ${loss.weight})` };
  }
}

/** The paper's name of a model, or the config's name if the paper has none. */
export function modelLabel(model: string): string {
  return models[model] ?? model;
}

/** A loss's short name, in tables. Throws ARGUMENT_INVALID unless `name` is one of `lossName`. */
export function lossShort(name: string): string {
  return lossLabels(name).short;
}

/** A loss's name in sentences. Throws ARGUMENT_INVALID unless `name` is one of `lossName`. */
export function lossLong(name: string): string {
  return lossLabels(name).long;
}

/** The names of the two tests, after “the test”. */
export const testLabels = {
  conditional: 'conditional on these trained networks',
  includingTraining: 'including the training',
} as const;
/** A grid's name in sentences. */
export function gridLabel(grid: EvaluationGrid): string {
  return grid === 'native' ? 'native grid (of the original masks)' : 'working grid (of the prepared images)';
}
