import { combinedLoss } from './combined-loss.js';
import { crossEntropyLoss } from './cross-entropy.js';
import { focalLoss } from './focal.js';
import { generalisedDice } from './generalised-dice.js';
import type { LossSettings } from './loss-settings.js';
import { softDice } from './ratio-loss.js';
import { squaredSoftDice } from './squared-soft-dice.js';
import type { TheoryLoss } from './theory-loss.js';
import { softJaccard, tverskyLoss } from './tversky.js';

/** Every loss of the theory with these settings, the paper's two first. */
export function allLosses(settings: LossSettings): TheoryLoss[] {
  return [
    crossEntropyLoss,
    softDice(),
    ...(settings.smoothing > 0 ? [softDice({ smoothing: settings.smoothing })] : []),
    squaredSoftDice,
    generalisedDice,
    softJaccard,
    tverskyLoss(...settings.tversky),
    combinedLoss(settings.softDiceWeight),
    focalLoss(settings.focal),
    ...settings.batches.filter((batch) => batch > 1).map((batch) => softDice({ batch })),
  ];
}
