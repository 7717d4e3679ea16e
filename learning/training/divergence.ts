import { DomainError } from '../../domain/domain-error.js';
import type { Collapse } from '../../domain/training/collapse.js';

/** Position in a training: epochs count from 1; steps are those completed in the epoch. */
interface Place {
  readonly epoch: number;
  readonly step: number;
}

/** Throws TRAINING_DIVERGED for a NaN or infinite loss; `what` names the loss. */
export function refuseUnlessFinite(loss: number, what: string, place: Place): void {
  if (Number.isFinite(loss)) return;
  throw diverged(`the ${what} loss of epoch ${String(place.epoch)} is ${String(loss)}`, place, true);
}

/** A loss or weight that is not finite, with the last loss before it: did the loss grow first, or break at once? */
export function withLastLoss(error: unknown, lastLoss: number | undefined): unknown {
  if (!(error instanceof DomainError) || error.code !== 'TRAINING_DIVERGED' || error.details['notFinite'] !== true)
    return error;
  const before =
    lastLoss === undefined
      ? 'no loss before it, since the training began or resumed, was finite'
      : `the last finite loss was ${lastLoss.toPrecision(6)}`;
  return new DomainError(error.code, `${error.message}; ${before}`, { ...error.details, lastLoss });
}

/** Throws TRAINING_DIVERGED for a NaN or infinite weight, before the weights replace the last good checkpoint. */
export function refuseUnlessFiniteWeights(weights: Float32Array, place: Place): void {
  if (weights.every(Number.isFinite)) return;
  throw diverged(
    `a weight is not finite after step ${String(place.step)} of epoch ${String(place.epoch)}`,
    place,
    true,
  );
}

/** Throws TRAINING_DIVERGED for a collapsed training. */
export function refuseCollapse({ kept, sinceEpoch }: Collapse, place: Place): never {
  const which = kept ? 'including the best one' : 'directly after the best one';
  const message = `the training collapsed: from epoch ${String(sinceEpoch)} on, ${which}, it predicts the same probability at every voxel`;
  throw diverged(message, place, false);
}

function diverged(message: string, { epoch, step }: Place, notFinite: boolean): DomainError {
  return new DomainError('TRAINING_DIVERGED', message, { epoch, step, notFinite });
}
