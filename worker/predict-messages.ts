import type { ErrorCode } from '../domain/domain-error.js';
import type { VolumeUnit } from '../domain/evaluate/voxel-size.js';
import type { Ensemble } from '../storage/networks/exported-networks.js';

/** A new case: its name for the output, and either a file for each modality or one that holds them all. */
export interface InputCase {
  readonly name: string;
  readonly files: readonly string[];
}

/** What a prediction process is sent, once. */
export interface PredictRequest {
  readonly ensemble: Ensemble;
  readonly cases: readonly InputCase[];
  readonly output: string;
  /** Pixel [x, y] round which the region of interest lies, where the preprocessing cuts one. */
  readonly centre?: readonly [number, number];
}

/** One predicted case. Volumes are in `unit`; soft ones are sums of probabilities (Eq. 3). */
export interface CasePrediction {
  readonly name: string;
  readonly unit: VolumeUnit;
  /** Of each fold's network on the prepared image, as the evaluation of a sweep measures it. */
  readonly folds: readonly { readonly fold: number; readonly volume: number }[];
  /** Of the averaged map: the mean over the folds. */
  readonly volume: number;
  /** Standard deviation over the folds (n − 1); null where there is one fold only. */
  readonly deviation: number | null;
  /** Of the averaged map on the input's own grid, and of the mask there. */
  readonly volumeOnInputGrid: number;
  readonly maskVolume: number;
  readonly probabilityFile: string;
  readonly maskFile: string;
}

/** What a prediction process sends: a case each, then one of the others. */
export type PredictMessage =
  | { readonly type: 'case'; readonly prediction: CasePrediction }
  | { readonly type: 'done' }
  | { readonly type: 'refused'; readonly code: ErrorCode; readonly message: string };
