import type { VolumeUnit } from '../../evaluate/voxel-size.js';
import type { GalleryPlace } from './choose-cases.js';
import type { SlicePlace } from './planes.js';

/** A grey picture, encoded as PNG, in base64. */
export type PngText = string;

/** What an arm predicts in a slice. */
export interface GalleryMap {
  /** Probabilities: 0 is black, 1 is white. */
  readonly picture: PngText;
  /** Where they are above the threshold: an SVG path (`outlinePath`). */
  readonly outline: string;
  /** Of the pixels that are not near 0, the share of those that are not near 1 either (`openShare`). */
  readonly openShare: number;
}

export interface GalleryView {
  readonly place: Omit<SlicePlace, 'column' | 'row' | 'through' | 'index'>;
  readonly picture: PngText;
  /** Of the structure: an SVG path (`outlinePath`). */
  readonly truth: string;
  /** In the order of the case's arms; null where an arm has no prediction. */
  readonly maps: readonly (GalleryMap | null)[];
}

export interface GalleryCase {
  readonly caseId: string;
  readonly place: GalleryPlace;
  readonly truthVolume: number;
  /** Its part that no network could predict, which ΔV leaves out. */
  readonly unpredictableVolume: number;
  readonly unit: VolumeUnit;
  /** ΔV of the prediction that is shown, the first of repeats; null where an arm has none. */
  readonly arms: readonly { readonly model: string; readonly loss: string; readonly volumeError: number | null }[];
  readonly views: readonly GalleryView[];
}

/** Cases of a data set, chosen by the |ΔV| of one arm. */
export interface GalleryDataSet {
  readonly dataSet: string;
  readonly chosenBy: { readonly model: string; readonly loss: string };
  readonly threshold: number;
  /** The image that is drawn, of a case's modalities. */
  readonly modality: string;
  readonly cases: readonly GalleryCase[];
}
