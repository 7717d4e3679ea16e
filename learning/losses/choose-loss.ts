import { DomainError } from '../../domain/domain-error.js';
import { generalisedDiceFromSums } from '../../domain/training/losses/generalised-dice.js';
import type { LossChoice } from '../../domain/training/losses/loss-choice.js';
import { squaredSoftDiceFromSums } from '../../domain/training/losses/squared-sd.js';
import { tverskyFromSums, type TverskyWeights } from '../../domain/training/losses/tversky.js';
import { smallEpsilon } from '../../domain/training/losses/voxel-sums.js';
import type { TrainingSettings } from '../../domain/training/training-settings.js';
import { crossEntropy } from './ce.js';
import { diceSemimetric } from './dice-semimetric.js';
import { focal } from './focal.js';
import { lovaszHinge } from './lovasz-hinge.js';
import { ratioLoss } from './ratio-loss.js';
import { softDice } from './sd.js';
import type { TensorLoss } from './tensor-loss.js';
import { mixedLoss } from './mixed-loss.js';

/** The tensor form of a loss. Throws ARGUMENT_INVALID for `sd` without its settings. */
export function chooseLoss(loss: LossChoice, { softDice: settings }: Pick<TrainingSettings, 'softDice'>): TensorLoss {
  switch (loss) {
    case 'ce':
      return crossEntropy;
    case 'sd':
      if (settings === undefined) throw new DomainError('ARGUMENT_INVALID', 'soft Dice needs its settings');
      return softDice(settings);
    case 'batchSd':
      return softDice({ epsilon: smallEpsilon, reduction: 'batch' });
    case 'squaredSd':
      return ratioLoss({
        needs: ['overlap', 'predictedSquares', 'truthSquares'],
        reduction: 'image',
        of: squaredSoftDiceFromSums,
      });
    case 'softJaccard':
      return tversky({ alpha: 1, beta: 1 });
    case 'generalisedDice':
      return ratioLoss({
        needs: ['overlap', 'predicted', 'truth', 'voxels'],
        reduction: 'image',
        of: generalisedDiceFromSums,
      });
    case 'diceSemimetric':
      return diceSemimetric;
    case 'lovaszHinge':
      return lovaszHinge;
    default:
      return withParameters(loss);
  }
}

function withParameters(loss: Exclude<LossChoice, string>): TensorLoss {
  switch (loss.kind) {
    case 'smoothedSd':
      return softDice({ epsilon: loss.epsilon, reduction: 'image' });
    case 'tversky':
      return tversky(loss);
    case 'focal':
      return focal(loss.gamma);
    case 'ceSd':
      return mixedLoss(crossEntropy, softDice({ epsilon: smallEpsilon, reduction: 'image' }), loss.weight);
  }
}

function tversky(weights: TverskyWeights): TensorLoss {
  return ratioLoss({
    needs: ['overlap', 'predicted', 'truth'],
    reduction: 'image',
    of: (sums) => tverskyFromSums(sums, weights),
  });
}
