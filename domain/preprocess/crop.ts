import { DomainError } from '../domain-error.js';
import { formatShape, perAxis, voxelCount, type Triple } from '../image/grid.js';

/** The dimensions of a data set's images, which the sizes of its crop tell. */
export function dimensionsOf(crop: readonly number[]): 2 | 3 {
  return crop.length === 2 ? 2 : 3;
}

/**
 * First index of a central window of `inner` voxels on an axis of `outer` voxels: floor((outer − inner) / 2). Negative
 * if the window is longer than the axis and so begins outside it.
 */
function centralStart(outer: number, inner: number): number {
  return Math.floor((outer - inner) / 2);
}

/** [first, end), end exclusive. */
type Range = readonly [number, number];

interface Window<Values> {
  readonly values: Values;
  readonly shape: Triple;
}

/** The central crop of an image, zero-padded where the crop extends beyond the image. */
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
 * The inverse of `centralCrop` for a network's prediction: puts it back into the image's grid. The prediction has the
 * crop's shape, or a smaller one centred in it (networks with `valid` up-sampling). Voxels outside it are 0; parts
 * beyond the image are dropped. Throws ARGUMENT_INVALID if the prediction is larger than the crop.
 */
export function pasteIntoGrid<Values extends Float32Array | Uint8Array>(
  prediction: Window<Values>,
  place: { readonly cropShape: Triple; readonly gridShape: Triple },
): Values {
  const { cropShape, gridShape } = place;
  if (prediction.shape.some((length, axis) => length > (cropShape[axis] ?? 0))) {
    throw new DomainError(
      'ARGUMENT_INVALID',
      `the prediction (${formatShape(prediction.shape)}) is larger than its crop (${formatShape(cropShape)})`,
    );
  }
  const target = emptyLike(prediction.values, voxelCount(gridShape));
  const start = perAxis(
    (axis) => -centralStart(gridShape[axis], cropShape[axis]) - centralStart(cropShape[axis], prediction.shape[axis]),
  );
  copyBlock(prediction, { values: target, shape: gridShape }, start);
  return target;
}

/** 1 in the voxels of an image's grid of which networks with this output predict anything, 0 elsewhere. */
export function predictedVoxels(
  outputShape: Triple,
  place: { readonly cropShape: Triple; readonly gridShape: Triple },
): Uint8Array {
  const everywhere = new Uint8Array(voxelCount(outputShape)).fill(1);
  return pasteIntoGrid({ values: everywhere, shape: outputShape }, place);
}

/** The range of image voxels in the central crop without `margin` voxels at its ends, per axis. */
export function windowRange(shape: Triple, cropShape: Triple, margin: Triple): readonly [Range, Range, Range] {
  return perAxis((axis) => {
    const start = centralStart(shape[axis], cropShape[axis]) + margin[axis];
    const end = start + cropShape[axis] - 2 * margin[axis];
    return [Math.max(0, start), Math.min(shape[axis], end)] as const;
  });
}

/**
 * Copies the overlap: voxel t of the target is voxel t + start of the source; the target may extend beyond the source.
 */
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
  return empty as Values; // same class as the argument, which the compiler cannot infer
}
