import { DomainError } from '../../domain/domain-error.js';
import type { LossName, TrainingSettings } from '../../domain/training/training-settings.js';
import { crossEntropy } from './ce.js';
import { softDice } from './sd.js';
import type { TensorLoss } from './tensor-loss.js';

/** Throws ARGUMENT_INVALID for soft Dice without its settings. */
export function chooseLoss(name: LossName, { softDice: settings }: Pick<TrainingSettings, 'softDice'>): TensorLoss {
  if (name === 'ce') return crossEntropy;
  if (settings === undefined) throw new DomainError('ARGUMENT_INVALID', 'soft Dice needs its settings');
  return softDice(settings);
}
