import { DomainError } from '../../domain/domain-error.js';
import type { Collapse } from '../../domain/training/collapse.js';

/** Where a training stands: epochs count from 1, steps are those done of the epoch. */
interface Place {
  readonly epoch: number;
  readonly step: number;
}

/** Throws TRAINING_DIVERGED for a loss that is NaN or infinite; `what` says which loss. */
export function refuseUnlessFinite(loss: number, what: string, place: Place): void {
  if (Number.isFinite(loss)) return;
  throw diverged(`the ${what} loss of epoch ${String(place.epoch)} is ${String(loss)}`, place);
}

/** Throws TRAINING_DIVERGED for weights of which one is NaN or infinite: before they replace the last good checkpoint. */
export function refuseUnlessFiniteWeights(weights: Float32Array, place: Place): void {
  if (weights.every(Number.isFinite)) return;
  throw diverged(`a weight is not finite after step ${String(place.step)} of epoch ${String(place.epoch)}`, place);
}

/** Throws TRAINING_DIVERGED for a training that has collapsed. */
export function refuseCollapse({ kept, sinceEpoch }: Collapse, place: Place): never {
  const which = kept ? 'even that of the best one' : 'that after the best one, to the last';
  const message = `from epoch ${String(sinceEpoch)}, ${which}, it predicts the same probability at every voxel`;
  throw diverged(message, place);
}

function diverged(message: string, { epoch, step }: Place): DomainError {
  return new DomainError('TRAINING_DIVERGED', message, { epoch, step });
}
