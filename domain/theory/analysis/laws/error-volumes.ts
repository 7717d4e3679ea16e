import { predictedVolume, type OutcomeLaw } from './outcome-law.js';

/** What a prediction gets wrong, in volume, for each outcome. */
export interface ErrorVolumes {
  /** Σ (1 − p̂) y: predicted too little. */
  readonly missed: Float64Array;
  /** Σ p̂ (1 − y): predicted too much. */
  readonly surplus: Float64Array;
}

/**
 * The volumes by which a prediction differs from the truth, with a weight for each group: `missing` replaces 1 − p̂ and
 * `excess` replaces p̂. Adds only volumes that can be wrong: with a certain core a million times the uncertain volume,
 * subtracting overlaps from whole volumes would leave rounding errors.
 */
export function errorVolumes(law: OutcomeLaw, missing: Float64Array, excess: Float64Array): ErrorVolumes {
  // A group that certainly belongs to the structure has no surplus.
  const possible = excess.map((share, g) => (law.groupProbabilities[g] === 1 ? 0 : share));
  const volume = predictedVolume(law, possible);
  return { missed: law.overlaps(missing), surplus: law.overlaps(possible).map((right) => Math.max(0, volume - right)) };
}
