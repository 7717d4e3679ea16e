import { reachableVolume } from '../evaluate/evaluate-case.js';
import type { EvaluationRow } from '../evaluate/evaluation-row.js';
import { yieldsProbabilities } from '../training/losses/loss-choice.js';

/** A case's volumes whose difference is the volume error that judges its arm. */
export interface JudgedVolumes {
  /** What networks could predict of the true volume. */
  readonly truth: number;
  /** Of the probabilities or, where a loss yields none, of the mask. */
  readonly predicted: number;
}

export function judgedVolumes(row: EvaluationRow): JudgedVolumes {
  return {
    truth: reachableVolume(row),
    predicted: yieldsProbabilities(row.loss) ? row.predictedVolume : row.predictedVolumeThresholded,
  };
}
