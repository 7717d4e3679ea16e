import type { Triple } from '../image/grid.js';
import type { RandomStream } from '../random/random-stream.js';
import type { AugmentationSettings } from './augmentation-settings.js';
import { changeIntensitiesInto } from './change-intensities.js';
import { drawAugmentation, type SpatialTransform } from './draw-augmentation.js';
import { resampleMaps } from './resample-maps.js';

/** One case's arrays, all of `shape`, x fastest. */
export interface AugmentableCase {
  readonly shape: Triple;
  readonly images: readonly Float32Array[];
  /** 0 or 1; with soft labels the share of each voxel that the structure covers. */
  readonly label: Uint8Array | Float32Array;
  readonly mask?: Uint8Array;
}

const identity = [1, 0, 0, 0, 1, 0, 0, 0, 1] as const;

function movesNothing({ matrix, translation, elastic }: SpatialTransform): boolean {
  return (
    elastic === undefined &&
    matrix.every((entry, index) => entry === identity[index]) &&
    translation.every((shift) => shift === 0)
  );
}

/** Linearly interpolated values; structure from 0.5 on. */
const atLeastHalf = (values: Float32Array): Uint8Array => Uint8Array.from(values, (value) => (value >= 0.5 ? 1 : 0));

function moved(one: AugmentableCase, transform: SpatialTransform): AugmentableCase {
  const { shape, images, label, mask } = one;
  const maps = resampleMaps(mask === undefined ? [...images, label] : [...images, label, mask], shape, transform);
  const movedLabel = maps[images.length] as Float32Array;
  const movedCase = {
    shape,
    images: maps.slice(0, images.length),
    label: label instanceof Float32Array ? movedLabel : atLeastHalf(movedLabel),
  };
  return mask === undefined ? movedCase : { ...movedCase, mask: atLeastHalf(maps[images.length + 1] as Float32Array) };
}

/**
 * A case as the network sees it in one epoch. Rotation, scaling, translation, elastic deformation and flip share one
 * interpolation (linear; label and mask count from 0.5 on, unless the label is soft; 0 outside the image); then gamma, scale and shift are
 * applied to each modality. The input arrays are not modified; all randomness comes from `random`.
 */
export function augmentCase(
  one: AugmentableCase,
  settings: AugmentationSettings,
  random: RandomStream,
): AugmentableCase {
  const { spatial, intensities } = drawAugmentation(
    settings,
    { shape: one.shape, channels: one.images.length },
    random,
  );
  const result = movesNothing(spatial)
    ? { ...one, images: one.images.map((image) => image.slice()) }
    : moved(one, spatial);
  result.images.forEach((image, channel) => {
    const transform = intensities[channel];
    if (transform !== undefined) changeIntensitiesInto(image, transform);
  });
  return result;
}
