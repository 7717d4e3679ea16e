import type { EvaluationGrid } from '../../evaluate/evaluation-row.js';

const models: Readonly<Record<string, string>> = { lr: 'LR', convnet: 'ConvNet', unet: 'U-Net' };
const losses: Readonly<Record<string, { readonly short: string; readonly long: string }>> = {
  ce: { short: 'CE', long: 'cross-entropy' },
  sd: { short: 'SD', long: 'soft Dice' },
};

/** The paper's name of a model, or the config's name if the paper has none. */
export function modelLabel(model: string): string {
  return models[model] ?? model;
}

/** The paper's abbreviation of a loss. */
export function lossShort(loss: string): string {
  return losses[loss]?.short ?? loss;
}

/** A loss's name in sentences. */
export function lossLong(loss: string): string {
  return losses[loss]?.long ?? loss;
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
