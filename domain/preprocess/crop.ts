import { DomainError } from '../domain-error.js';
import { formatShape, perAxis, voxelCount, type Triple } from '../image/grid.js';

/**
 * Where a central window of `inner` voxels begins on an axis of `outer`: floor((outer − inner) / 2), negative where
 * the window is longer than the axis and so begins outside it.
 */
export function centralStart(outer: number, inner: number): number {
  return Math.floor((outer - inner) / 2);
}

/** [first, first after the last). */
type Range = readonly [number, number];

interface Window<Values> {
  readonly values: Values;
  readonly shape: Triple;
}

/** The central crop of an image, 0 where the crop reaches beyond the image. */
export function centralCrop<Values extends Float32Array | Uint8Array>(
  { values, shape }: Window<Values>,
  cropShape: Triple,
): Values {
  const target = emptyLike(values, voxelCount(cropShape));
  const start = perAxis((axis) => centralStart(shape[axis], cropShape[axis]));
  copyBlock({ values, shape }, { values: target, shape: cropShape }, start);
  return target;
}

/**
 * The inverse of `centralCrop` for what a network made of a crop: the prediction, of the crop's shape or a smaller
 * one centred in it (networks with `valid` up-sampling), put back into the image's grid; 0 outside, and what reaches
 * beyond the image is dropped. ARGUMENT_INVALID if the prediction is larger than the crop.
 */
export function pasteIntoGrid<Values extends Float32Array | Uint8Array>(
  prediction: Window<Values>,
  place: { readonly cropShape: Triple; readonly gridShape: Triple },
): Values {
  const { cropShape, gridShape } = place;
  if (prediction.shape.some((length, axis) => length > (cropShape[axis] ?? 0))) {
    throw new DomainError(
      'ARGUMENT_INVALID',
      `the prediction is ${formatShape(prediction.shape)}, larger than its crop of ${formatShape(cropShape)}`,
    );
  }
  const target = emptyLike(prediction.values, voxelCount(gridShape));
  const start = perAxis(
    (axis) => -centralStart(gridShape[axis], cropShape[axis]) - centralStart(cropShape[axis], prediction.shape[axis]),
  );
  copyBlock(prediction, { values: target, shape: gridShape }, start);
  return target;
}

/** The voxels of the image that its central crop holds, axis by axis. */
export function cropRange(shape: Triple, cropShape: Triple): readonly [Range, Range, Range] {
  return perAxis((axis) => {
    const start = centralStart(shape[axis], cropShape[axis]);
    return [Math.max(0, start), Math.min(shape[axis], start + cropShape[axis])] as const;
  });
}

/** Copies what the two share: voxel t of the target is voxel t + start of the source, which may begin outside it. */
function copyBlock<Values extends Float32Array | Uint8Array>(
  source: Window<Values>,
  target: Window<Values>,
  start: Triple,
): void {
  if (source.values.length !== voxelCount(source.shape)) {
    throw new DomainError(
      'IMAGE_SHAPE_MISMATCH',
      `${source.values.length} values for a shape of ${formatShape(source.shape)}`,
    );
  }
  const first = perAxis((axis) => Math.max(0, -start[axis]));
  const end = perAxis((axis) => Math.min(target.shape[axis], source.shape[axis] - start[axis]));
  const length = end[0] - first[0];
  if (length <= 0) return;
  for (let z = first[2]; z < end[2]; z++) {
    for (let y = first[1]; y < end[1]; y++) {
      const read = first[0] + start[0] + source.shape[0] * (y + start[1] + source.shape[1] * (z + start[2]));
      const write = first[0] + target.shape[0] * (y + target.shape[1] * z);
      target.values.set(source.values.subarray(read, read + length), write);
    }
  }
}

function emptyLike<Values extends Float32Array | Uint8Array>(values: Values, length: number): Values {
  const empty: Float32Array | Uint8Array =
    values instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
  return empty as Values; // the same class as the argument, which the compiler cannot follow
}
