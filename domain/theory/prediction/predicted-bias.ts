import { symmetricOptimum } from './symmetric-case.js';

/** A structure with a certain core and alike uncertain regions, like that of phantoms; volumes in one unit. */
export interface UncertainStructure {
  /** The two losses of the paper: cross-entropy and soft Dice. */
  readonly loss: 'ce' | 'sd';
  readonly coreVolume: number;
  /** Volume of one uncertain region. */
  readonly regionVolume: number;
  /** N, the number of uncertain regions. */
  readonly regions: number;
  /** p, the probability that an uncertain region belongs to the structure. */
  readonly probability: number;
}

/** The effect on the volume of a perfect network trained with that loss, in the unit of the input. */
export interface PredictedBias {
  /** The p̂ shared by all uncertain regions, which a network cannot distinguish. */
  readonly optimalPrediction: number;
  /** ΔV = V(Ŷ) − V(Y). */
  readonly volumeBias: number;
}

/**
 * The theory's prediction of the volume error: 0 for cross-entropy (Eq. 9), −U p or U (1 − p) for soft Dice (Eq. 12).
 *
 * The pipeline needs only this part of the theory: the folder `prediction/` contains it and its dependencies. The
 * neighbouring folders serve only `volbias theory`: `analysis/` (any regions, any loss, experts' masks) and `figures/`
 * (Fig. 1 and the figure of the losses).
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
