import type { ErrorCode } from '../domain/domain-error.js';
import type { VolumeUnit } from '../domain/evaluate/voxel-size.js';
import type { Ensemble } from '../storage/networks/exported-networks.js';

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

/** One predicted case. Volumes are in `unit`; soft ones are sums of probabilities (Eq. 3). */
export interface CasePrediction {
  readonly name: string;
  readonly unit: VolumeUnit;
  /** From each fold's network on the prepared image, as a sweep's evaluation measures it. */
  readonly folds: readonly { readonly fold: number; readonly volume: number }[];
  /** Of the averaged map, which is the mean over the folds. */
  readonly volume: number;
  /** Standard deviation over the folds (n − 1); null if there is only one. */
  readonly deviation: number | null;
  /** Volumes on the input's own grid: of the averaged map and of the mask. */
  readonly volumeOnInputGrid: number;
  readonly maskVolume: number;
  readonly probabilityFile: string;
  readonly maskFile: string;
}

/** What a prediction process sends: one message per case, then one of the others. */
export type PredictMessage =
  | { readonly type: 'case'; readonly prediction: CasePrediction }
  | { readonly type: 'done' }
  | { readonly type: 'refused'; readonly code: ErrorCode; readonly message: string };
