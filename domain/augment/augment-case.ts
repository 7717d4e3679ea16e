import type { Triple } from '../image/grid.js';
import type { RandomStream } from '../random/random-stream.js';
import type { AugmentationSettings } from './augmentation-settings.js';
import { changeIntensitiesInto, withoutPadding } from './change-intensities.js';
import { drawAugmentation, type SpatialTransform } from './draw-augmentation.js';
import { resampleMaps } from './resample-maps.js';

/** One case's arrays, all of `shape`, x fastest. */
export interface AugmentableCase {
  readonly shape: Triple;
  readonly images: readonly Float32Array[];
  /** 0 or 1; with soft labels the share of each voxel that the structure covers. */
  readonly label: Uint8Array | Float32Array;
  /** 1 where a voxel counts (`countedVoxels`); absent: everywhere. */
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

/**
 * Linearly interpolated values; 1 from 0.5 on. The mask follows the same rule as the label, so that on average the structure
 * keeps its share of the counted voxels. If a voxel counted only where it is wholly from inside, images would lose their
 * outermost layer, which is background, and networks would learn too large a share.
 */
function atLeastHalf(values: Float32Array): Uint8Array {
  const result = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) if ((values[i] as number) >= 0.5) result[i] = 1; // in range
  return result;
}

function moved(one: AugmentableCase, transform: SpatialTransform): AugmentableCase {
  const { shape, images, label, mask = new Uint8Array(label.length).fill(1) } = one;
  const maps = resampleMaps([...images, label, mask], shape, transform);
  const movedLabel = maps[images.length] as Float32Array;
  return {
    shape,
    images: maps.slice(0, images.length),
    label: label instanceof Float32Array ? movedLabel : atLeastHalf(movedLabel),
    mask: atLeastHalf(maps[images.length + 1] as Float32Array),
  };
}

/**
 * A case as the network sees it in one epoch. Rotation, scaling, translation, elastic deformation and flip share one
 * interpolation (linear; label and mask from 0.5 on, unless the label is soft; 0 outside the crop, where no voxel counts); then gamma, scale and
 * shift are applied to each modality, but not to padding. The input arrays are not modified; all randomness comes from
 * `random`.
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
  const image = withoutPadding(result.images);
  const region = { image, tissue: result.mask ?? image };
  result.images.forEach((values, channel) => {
    const transform = intensities[channel];
    if (transform !== undefined) changeIntensitiesInto(values, transform, region);
  });
  return result;
}
