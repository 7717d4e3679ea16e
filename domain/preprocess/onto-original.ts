import { perAxis, voxelCount, type Grid, type Triple } from '../image/grid.js';
import { forEachResampledRow, type ResampleSettings } from './resample.js';
import { linearWeights, resampledAxis } from './resampled-axis.js';
import type { Roi } from './roi.js';

interface MapOnShape {
  readonly values: Float32Array;
  readonly shape: Triple;
}

/**
 * Maps values from the grid of `resampleImage` back to the image's own grid: linear interpolation at the centre of each
 * original voxel, with the edge value beyond the outermost centres. Values stay within the range of the map.
 *
 * This is not an inverse. Where original voxels are smaller than the map's, only sharpness is lost. Where they are
 * larger, each takes the map's value at its centre instead of the mean over its extent, so a volume summed on the
 * original grid can differ from one summed on the map's grid.
 */
export function mapOntoOriginal(map: MapOnShape, original: Grid, settings: ResampleSettings): Float32Array {
  const weights = perAxis((axis) => {
    const { start, step } = resampledAxis(settings.resampling, {
      length: original.shape[axis],
      spacingMm: original.spacingMm[axis],
      newSpacingMm: settings.spacingMm,
    });
    // Voxel o of the map lies at start + o · step, so voxel i of the original lies at (i − start) / step of the map.
    return linearWeights({ length: original.shape[axis], start: -start / step, step: 1 / step }, map.shape[axis]);
  });
  const result = new Float32Array(voxelCount(original.shape));
  forEachResampledRow({ ...map, weights }, (row, at) => {
    result.set(row, at);
  });
  return result;
}

/**
 * Maps values from the region of `cutRoi` back to the picture: linear between the blocks' centres, 0 outside the
 * region.
 */
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
    for (let x = firstX; x < endX; x++) result[x + width * y] = row[x - left] as number; // in range by the bounds above
  });
  return result;
}
