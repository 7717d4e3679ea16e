import type { VolumeUnit } from '../domain/evaluate/voxel-size.js';
import type { Ensemble } from '../storage/networks/exported-networks.js';
import type { Refusal } from './answer-once.js';

/** A new case: its name in the output, and either one file per modality or one file that contains them all. */
export interface InputCase {
  readonly name: string;
  readonly files: readonly string[];
}

/** The single message that a prediction process receives. */
export interface PredictRequest {
  readonly ensemble: Ensemble;
  readonly cases: readonly InputCase[];
  readonly output: string;
  /** Pixel [x, y] at the centre of the region of interest, if the preprocessing cuts one. */
  readonly centre?: readonly [number, number];
}

/** Volumes of one probability map, in the case's unit. */
export interface PredictedVolumes {
  /** Sum of the probabilities (Eq. 3) on the input's own grid, as a sweep's evaluation measures it on the native grid. */
  readonly volume: number;
  /** Of the voxels above the threshold there. */
  readonly maskVolume: number;
  /** Sum of the probabilities on the prepared image, as the evaluation measures it on the working grid. */
  readonly volumeOnPreparedGrid: number;
}

/** One predicted case: volumes of the averaged map, and of each fold's. */
export interface CasePrediction extends PredictedVolumes {
  readonly name: string;
  readonly unit: VolumeUnit;
  readonly folds: readonly (PredictedVolumes & { readonly fold: number })[];
  /** Standard deviation of `volume` over the folds (n − 1); null where there is one fold only. */
  readonly deviation: number | null;
  /** What a user should know of how the images were read and prepared, such as an interpolated modality. */
  readonly remarks: readonly string[];
  readonly probabilityFile: string;
  readonly maskFile: string;
}

/** What a prediction process sends: one message per case, then one of the others. */
export type PredictMessage =
  { readonly type: 'case'; readonly prediction: CasePrediction } | { readonly type: 'done' } | Refusal;
