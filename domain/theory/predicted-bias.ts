import { symmetricOptimum, type SymmetricCase } from './symmetric-case.js';
import { assertProbability } from './region.js';

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
  readonly truthVolume: number;
  readonly predictedVolume: number;
  /** ΔV = V(Ŷ) − V(Y). */
  readonly volumeBias: number;
  /** ΔV / V(Y); null where V(Y) is 0. */
  readonly relativeBias: number | null;
  /** Where soft Dice switches from none to all of the uncertain volume. */
  readonly switchProbability: number;
}

/** The theory's prediction of the volume error: 0 for cross-entropy (Eq. 9), −U p or U (1 − p) for soft Dice (Eq. 12). */
export function predictedBias(structure: UncertainStructure): PredictedBias {
  assertProbability(structure.probability, 'probability');
  const symmetric: SymmetricCase = {
    coreVolume: structure.coreVolume,
    uncertainVolume: structure.regionVolume * structure.regions,
    regions: structure.regions,
    probability: structure.probability,
  };
  const { switchProbability, optimalPrediction } = symmetricOptimum(symmetric);
  const prediction = structure.loss === 'ce' ? structure.probability : optimalPrediction;
  const truthVolume = symmetric.coreVolume + symmetric.uncertainVolume * symmetric.probability;
  const volumeBias = symmetric.uncertainVolume * (prediction - symmetric.probability);
  return {
    optimalPrediction: prediction,
    truthVolume,
    predictedVolume: truthVolume + volumeBias,
    volumeBias,
    relativeBias: truthVolume > 0 ? volumeBias / truthVolume : null,
    switchProbability,
  };
}
