import { calibrationBin } from './calibration.js';

/** Voxels with nearly the same predicted probability. */
export interface ReliabilityBin {
  readonly bin: number;
  readonly voxels: number;
  /** Σ ŷ over them or, of bins of log-odds, Σ ln(ŷ / (1 − ŷ)). */
  readonly predicted: number;
  /** Σ y. */
  readonly truth: number;
}

/** What voxels with each predicted probability turned out to be. Bins without voxels are left out; bins ascend. */
export interface Reliability {
  /** The bins of the expected calibration error (`calibrationBin`). */
  readonly probabilities: readonly ReliabilityBin[];
  /** Bins of log-odds of the width 1/8 from −16 to 16, for the slope of recalibration. */
  readonly logOdds: readonly ReliabilityBin[];
}

/** Log-odds are limited to ±16: single precision has few numbers between σ(16) and 1. */
const largestLogOdds = 16;
const leastProbability = 1 / (1 + Math.exp(largestLogOdds));
const binsPerUnit = 8;
const logOddsBins = 2 * largestLogOdds * binsPerUnit;

interface PredictedVoxels {
  /** In [0, 1]. */
  readonly truth: ArrayLike<number>;
  /** Probabilities in [0, 1], in the same order. */
  readonly predicted: ArrayLike<number>;
  /** 1 where the network predicts: other voxels, where ŷ is 0 by rule, say nothing about it. */
  readonly predictable: Uint8Array;
}

/** Counts the voxels of one case. Sums are in double precision. */
export function reliabilityOf({ truth, predicted, predictable }: PredictedVoxels): Reliability {
  const probabilities = new Tally();
  const logOdds = new Tally();
  for (let i = 0; i < truth.length; i++) {
    if (predictable[i] !== 1) continue;
    const [probability, label] = [predicted[i] as number, truth[i] as number]; // in range
    probabilities.add(calibrationBin(probability), probability, label);
    const odds = logOddsOf(probability);
    const bin = Math.min(Math.floor((odds + largestLogOdds) * binsPerUnit), logOddsBins - 1);
    logOdds.add(bin, odds, label);
  }
  return { probabilities: probabilities.bins(), logOdds: logOdds.bins() };
}

function logOddsOf(probability: number): number {
  if (probability <= leastProbability) return -largestLogOdds;
  if (probability >= 1 - leastProbability) return largestLogOdds;
  return Math.log(probability / (1 - probability));
}

/** Several cases as one, added up in their order. */
export function pooledReliability(parts: readonly Reliability[]): Reliability {
  const pool = (binsOf: (part: Reliability) => readonly ReliabilityBin[]): ReliabilityBin[] => {
    const tally = new Tally();
    for (const { bin, predicted, truth, voxels } of parts.flatMap(binsOf)) tally.add(bin, predicted, truth, voxels);
    return tally.bins();
  };
  return { probabilities: pool((part) => part.probabilities), logOdds: pool((part) => part.logOdds) };
}

/** Sums by bin; as arrays, because they grow by millions of voxels. */
class Tally {
  private readonly voxels = new Float64Array(logOddsBins);
  private readonly predicted = new Float64Array(logOddsBins);
  private readonly truth = new Float64Array(logOddsBins);

  add(bin: number, predicted: number, truth: number, voxels = 1): void {
    this.voxels[bin] = (this.voxels[bin] as number) + voxels; // in range, as are the others
    this.predicted[bin] = (this.predicted[bin] as number) + predicted;
    this.truth[bin] = (this.truth[bin] as number) + truth;
  }

  bins(): ReliabilityBin[] {
    return [...this.voxels.entries()].flatMap(([bin, voxels]): ReliabilityBin[] => {
      const [predicted, truth] = [this.predicted[bin] as number, this.truth[bin] as number]; // in range
      return voxels === 0 ? [] : [{ bin, voxels, predicted, truth }];
    });
  }
}
