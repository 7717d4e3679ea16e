import { calibrationBins } from '../evaluate/segmentation/calibration.js';
import { pooledReliability, type ReliabilityBin } from '../evaluate/segmentation/reliability.js';
import { recalibration } from '../statistics/recalibration.js';
import type { TrainingReliability } from './results-input.js';

/** Whether what an arm's networks predict comes true, over all voxels that they predict of their held-out cases. */
export interface Calibration {
  /** With repeats, each voxel counts once for each. */
  readonly voxels: number;
  /** The bins of predicted probability that have voxels, ascending. */
  readonly bins: readonly CalibrationBin[];
  /** Σ over the bins of |Σ ŷ − Σ y|, divided by `voxels`; in [0, 1]. */
  readonly expectedCalibrationError: number;
  /** The same sum divided by Σ ŷ: the error as a share of the predicted volume, whatever the background; null if Σ ŷ is 0. */
  readonly misplacedShare: number | null;
  /** 1 if log-odds are right on average, below 1 if they are too extreme; null where no slope fits best. */
  readonly slope: number | null;
  /** Share of Σ ŷ in voxels with 0.1 ≤ ŷ < 0.9; null if Σ ŷ is 0. */
  readonly uncertainShare: number | null;
}

export interface CalibrationBin {
  /** Of the probabilities, in [0, 1]. */
  readonly lowest: number;
  readonly highest: number;
  readonly voxels: number;
  /** Mean ŷ. */
  readonly predicted: number;
  /** Mean y: the share of structure. */
  readonly observed: number;
  /** Share of the arm's Σ ŷ; 0 if that is 0. */
  readonly volumeShare: number;
}

/** Of the trainings of one arm. Voxels count alike, whichever case they are of. The order of trainings does not matter. */
export function calibrationOf(trainings: readonly TrainingReliability[]): Calibration | null {
  const inOrder = trainings.toSorted((a, b) => a.fold - b.fold || (a.repeat ?? 0) - (b.repeat ?? 0));
  const { probabilities, logOdds } = pooledReliability(inOrder);
  const voxels = sumOf(probabilities, (bin) => bin.voxels);
  if (voxels === 0) return null;
  const volume = sumOf(probabilities, (bin) => bin.predicted);
  const misplaced = sumOf(probabilities, ({ predicted, truth }) => Math.abs(predicted - truth));
  const uncertain = probabilities.filter(({ bin }) => bin > 0 && bin < calibrationBins - 1);
  return {
    voxels,
    bins: probabilities.map((one) => ({
      lowest: one.bin / calibrationBins,
      highest: (one.bin + 1) / calibrationBins,
      voxels: one.voxels,
      predicted: one.predicted / one.voxels,
      observed: one.truth / one.voxels,
      volumeShare: volume === 0 ? 0 : one.predicted / volume,
    })),
    expectedCalibrationError: misplaced / voxels,
    misplacedShare: volume === 0 ? null : misplaced / volume,
    slope: recalibration(logOdds.map((one) => ({ ...one, logOdds: one.predicted / one.voxels })))?.slope ?? null,
    uncertainShare: volume === 0 ? null : sumOf(uncertain, (bin) => bin.predicted) / volume,
  };
}

function sumOf(bins: readonly ReliabilityBin[], valueOf: (bin: ReliabilityBin) => number): number {
  return bins.reduce((sum, bin) => sum + valueOf(bin), 0);
}
