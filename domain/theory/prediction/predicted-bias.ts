import { symmetricOptimum } from './symmetric-case.js';

/** A structure with a certain core and alike uncertain regions, as phantoms have; volumes in one unit. */
export interface UncertainStructure {
  /** The two losses of the paper: cross-entropy and soft Dice. */
  readonly loss: 'ce' | 'sd';
  readonly coreVolume: number;
  /** Volume of one uncertain region. */
  readonly regionVolume: number;
  /** N, the number of uncertain regions. */
  readonly regions: number;
  /** p, with which each uncertain region belongs to the structure. */
  readonly probability: number;
}

/** What a perfect network trained with that loss does to the volume, in the unit of the input. */
export interface PredictedBias {
  /** The one p̂ of all uncertain regions: a network cannot tell them apart. */
  readonly optimalPrediction: number;
  /** ΔV = V(Ŷ) − V(Y). */
  readonly volumeBias: number;
}

/**
 * The theory's prediction of the volume error: 0 for cross-entropy (Eq. 9), −U p or U (1 − p) for soft Dice (Eq. 12).
 *
 * This is all that the pipeline needs of the theory: it and what it calls are this folder, `prediction/`. Beside it lie
 * the parts of `volbias theory`, which no other room imports: `analysis/` (any regions, any loss, experts' masks) and
 * `figures/` (Fig. 1 and the figure of the losses).
 */
export function predictedBias({
  loss,
  coreVolume,
  regionVolume,
  regions,
  probability,
}: UncertainStructure): PredictedBias {
  const optimum = symmetricOptimum({ coreVolume, uncertainVolume: regionVolume * regions, regions, probability });
  return loss === 'sd' ? optimum : { optimalPrediction: probability, volumeBias: 0 };
}
