import { softDiceFromSums, type SoftDiceSettings } from '../../domain/training/losses/sd.js';
import { ratioLoss } from './ratio-loss.js';
import type { TensorLoss } from './tensor-loss.js';

/**
 * Soft Dice loss (`softDiceFromSums`) with all sums over the counted voxels. Without any, of an image or of the whole
 * batch, it is 0 by ε, with gradient 0.
 */
export function softDice({ epsilon, reduction }: SoftDiceSettings): TensorLoss {
  return ratioLoss({
    needs: ['overlap', 'predicted', 'truth'],
    reduction,
    of: (sums) => softDiceFromSums(sums, epsilon),
  });
}
