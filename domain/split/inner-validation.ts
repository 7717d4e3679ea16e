import { DomainError } from '../domain-error.js';
import { counted } from '../report/words/format-number.js';
import { drawFolds, type DrawSettings } from './draw-folds.js';
import { participantsOf, type SplitCase } from './participants.js';

export interface InnerSplit {
  readonly training: readonly string[];
  readonly validation: readonly string[];
}

/**
 * Takes a fifth of the training participants for validation, grouped and stratified like the folds, with a separate
 * random stream per fold. With fewer than five participants, takes one of them. Throws SPLIT_INVALID for fewer than
 * two.
 */
export function innerValidation(
  trainingCases: readonly SplitCase[],
  settings: Omit<DrawSettings, 'folds'> & { readonly fold: number },
): InnerSplit {
  const { fold, ...rest } = settings;
  const participants = participantsOf(trainingCases).length;
  if (participants < 2) {
    throw new DomainError(
      'SPLIT_INVALID',
      `cannot split ${counted(participants, 'training participant')} into training and validation`,
    );
  }
  const parts = drawFolds(trainingCases, {
    ...rest,
    folds: Math.min(5, participants),
    name: `${settings.name}/inner/${fold}`,
  });
  const [validation = [], ...others] = parts;
  return { training: others.flat().sort(), validation };
}
