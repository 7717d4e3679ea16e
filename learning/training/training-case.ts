import type { Triple } from '../../domain/image/grid.js';

/** Names a case; the caller knows how to load it. */
export interface CaseHandle {
  readonly id: string;
}

/** A case as a network sees it: normalised and cropped, all arrays of `shape`, x fastest. */
export interface PredictionCase {
  readonly shape: Triple;
  /** One array a channel. */
  readonly images: readonly Float32Array[];
  /** 0 where p = 0 by rule; absent: nowhere. */
  readonly mask?: Uint8Array;
}

export interface TrainingCase extends PredictionCase {
  /** 0 or 1. */
  readonly label: Uint8Array;
}
