import type { Triple } from '../../domain/image/grid.js';

/** Identifies a case; the caller knows how to load it. */
export interface CaseHandle {
  readonly id: string;
}

/** A case as a network sees it: normalised and cropped; all arrays have `shape`, x fastest. */
export interface PredictionCase {
  readonly shape: Triple;
  /** One array per channel. */
  readonly images: readonly Float32Array[];
  /** 0 at padding and outside the data set's mask, where ŷ is 0 and no loss counts; absent: nowhere. */
  readonly mask?: Uint8Array;
}

export interface TrainingCase extends PredictionCase {
  /** 0 or 1; with soft labels the share of each voxel that the structure covers. */
  readonly label: Uint8Array | Float32Array;
}
