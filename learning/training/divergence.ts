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
  throw diverged(`the ${what} loss of epoch ${String(place.epoch)} is ${String(loss)}`, place);
}

/** Throws TRAINING_DIVERGED for a NaN or infinite weight, before the weights replace the last good checkpoint. */
export function refuseUnlessFiniteWeights(weights: Float32Array, place: Place): void {
  if (weights.every(Number.isFinite)) return;
  throw diverged(`a weight is not finite after step ${String(place.step)} of epoch ${String(place.epoch)}`, place);
}

/** Throws TRAINING_DIVERGED for a collapsed training. */
export function refuseCollapse({ kept, sinceEpoch }: Collapse, place: Place): never {
  const which = kept ? 'including the best one' : 'directly after the best one';
  const message = `the training collapsed: from epoch ${String(sinceEpoch)} on, ${which}, it predicts the same probability at every voxel`;
  throw diverged(message, place);
}

function diverged(message: string, { epoch, step }: Place): DomainError {
  return new DomainError('TRAINING_DIVERGED', message, { epoch, step });
}
