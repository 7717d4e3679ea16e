import { perAxis, voxelCount, type Grid, type Triple } from '../image/grid.js';
import { forEachResampledRow, type ResampleSettings } from './resample.js';
import { linearWeights, resampledAxis } from './resampled-axis.js';
import type { Roi } from './roi.js';

interface MapOnShape {
  readonly values: Float32Array;
  readonly shape: Triple;
}

/**
 * A map on the grid that `resampleImage` gives, back on the image's own grid: linear interpolation at the centre of
 * each original voxel; beyond the outermost centres the edge's value holds. Values stay within those of the map.
 *
 * It is not an inverse: where original voxels are smaller nothing is lost but sharpness; where they are larger than
 * the map's, each takes the map's value at its centre and not the mean over itself, so that a volume summed on the
 * original grid can differ from the one on the map's.
 */
export function mapOntoOriginal(map: MapOnShape, original: Grid, settings: ResampleSettings): Float32Array {
  const weights = perAxis((axis) => {
    const { start, step } = resampledAxis(settings.resampling, {
      length: original.shape[axis],
      spacingMm: original.spacingMm[axis],
      newSpacingMm: settings.spacingMm,
    });
    // Voxel o of the map lies at start + o · step, so voxel i of the original at (i − start) / step of the map.
    return linearWeights({ length: original.shape[axis], start: -start / step, step: 1 / step }, map.shape[axis]);
  });
  const result = new Float32Array(voxelCount(original.shape));
  forEachResampledRow({ ...map, weights }, (row, at) => {
    result.set(row, at);
  });
  return result;
}

/** A map on the region that `cutRoi` gives, back on the picture: linear between the blocks' centres, 0 outside the region. */
export function roiMapOntoOriginal(map: MapOnShape, pictureShape: Triple, roi: Roi): Float32Array {
  const { sizePixels, downsample, left, top } = roi;
  const inBlocks = linearWeights(
    { length: sizePixels, start: (1 - downsample) / (2 * downsample), step: 1 / downsample },
    sizePixels / downsample,
  );
  const single = linearWeights({ length: 1, start: 0, step: 1 }, 1);
  const [width, height] = pictureShape;
  const result = new Float32Array(voxelCount(pictureShape));
  const [firstX, endX] = [Math.max(0, left), Math.min(width, left + sizePixels)];
  forEachResampledRow({ ...map, weights: [inBlocks, inBlocks, single] }, (row, at) => {
    const y = top + at / sizePixels;
    if (y < 0 || y >= height) return;
    for (let x = firstX; x < endX; x++) result[x + width * y] = row[x - left] as number; // inside by the bounds above
  });
  return result;
}
