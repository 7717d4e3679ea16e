import type { SoftDiceSettings } from '../../domain/training/losses/sd.js';
import type { LossName } from '../../domain/training/training-settings.js';
import { crossEntropy } from './ce.js';
import { softDice } from './sd.js';
import type { TensorLoss } from './tensor-loss.js';

export function chooseLoss(name: LossName, settings: { readonly softDice: SoftDiceSettings }): TensorLoss {
  return name === 'ce' ? crossEntropy : softDice(settings.softDice);
}
