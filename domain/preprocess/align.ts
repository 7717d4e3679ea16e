import { determinant } from '../image/affine.js';
import { axes, perAxis, voxelCount, type Affine, type Grid, type StoredImage, type Triple } from '../image/grid.js';
import { borderTolerance } from './resampled-axis.js';

/** An image on another image's grid. */
export interface AlignedImage {
  readonly values: Float32Array;
  /** Voxels of the new grid outside the image's field of view; they are 0. */
  readonly outsideVoxels: number;
}

/**
 * Interpolates an image linearly at the voxel centres of another grid, by the affines of both: nothing is registered.
 * Centres within the outer half of the border voxels take the edge value, those farther out are 0; a centre on the border
 * itself is inside before the first voxel and outside after the last. As ITK's resampling with an identity transform; in
 * double precision.
 */
export function alignImage({ grid, values: stored }: StoredImage, target: Grid): AlignedImage {
  // One array type in the loop below: code compiled for several types is slow.
  const source = stored instanceof Float32Array ? stored : Float32Array.from(stored);
  const result = new Float32Array(voxelCount(target.shape));
  const [alongX, alongY, alongZ] = indexMap(target.affine, grid.affine);
  const [sizeX, sizeY, sizeZ] = grid.shape;
  const [strideY, strideZ] = [sizeX, sizeX * sizeY];
  let outsideVoxels = 0;
  let written = 0;
  for (let k = 0; k < target.shape[2]; k++) {
    for (let j = 0; j < target.shape[1]; j++) {
      for (let i = 0; i < target.shape[0]; i++, written++) {
        const px = alongX[0] * i + alongX[1] * j + alongX[2] * k + alongX[3];
        const py = alongY[0] * i + alongY[1] * j + alongY[2] * k + alongY[3];
        const pz = alongZ[0] * i + alongZ[1] * j + alongZ[2] * k + alongZ[3];
        if (!(isInside(px, sizeX) && isInside(py, sizeY) && isInside(pz, sizeZ))) {
          outsideVoxels++;
          continue;
        }
        const [x, y, z] = [clamped(px, sizeX), clamped(py, sizeY), clamped(pz, sizeZ)];
        const [lowX, lowY, lowZ] = [Math.floor(x), Math.floor(y), Math.floor(z)];
        const at = lowX + lowY * strideY + lowZ * strideZ;
        const stepX = lowX + 1 < sizeX ? 1 : 0;
        const stepY = lowY + 1 < sizeY ? strideY : 0;
        const stepZ = lowZ + 1 < sizeZ ? strideZ : 0;
        const near = blendPlane(source, at, { stepX, stepY, x: x - lowX, y: y - lowY });
        const far = blendPlane(source, at + stepZ, { stepX, stepY, x: x - lowX, y: y - lowY });
        result[written] = near + (z - lowZ) * (far - near);
      }
    }
  }
  return { values: result, outsideVoxels };
}

/**
 * The value of an image's nearest voxel at each voxel centre of another grid, by the affines of both; 0 outside its field of
 * view. Ties take the higher index, as in `nearestWeights`. For maps of labels, between which nothing can be interpolated.
 */
export function nearestOnto({ grid, values }: StoredImage, target: Grid): Float32Array {
  const result = new Float32Array(voxelCount(target.shape));
  const map = indexMap(target.affine, grid.affine);
  const [sizeX, sizeY] = grid.shape;
  const [width, height] = target.shape;
  for (let voxel = 0; voxel < result.length; voxel++) {
    const [i, j, k] = [voxel % width, Math.floor(voxel / width) % height, Math.floor(voxel / (width * height))];
    const place = perAxis((axis) => map[axis][0] * i + map[axis][1] * j + map[axis][2] * k + map[axis][3]);
    if (!axes.every((axis) => isInside(place[axis], grid.shape[axis]))) continue;
    const [x, y, z] = perAxis((axis) => Math.floor(clamped(place[axis], grid.shape[axis]) + 0.5 + borderTolerance));
    result[voxel] = values[x + sizeX * (y + sizeY * z)] as number; // inside
  }
  return result;
}

function isInside(position: number, size: number): boolean {
  return position >= -0.5 - borderTolerance && position < size - 0.5 - borderTolerance;
}

function clamped(position: number, size: number): number {
  return Math.min(Math.max(position, 0), size - 1);
}

/** Bilinear blend of the four voxels from `at` on; all are inside. */
function blendPlane(
  source: Float32Array,
  at: number,
  { stepX, stepY, x, y }: { readonly stepX: number; readonly stepY: number; readonly x: number; readonly y: number },
): number {
  const first = source[at] as number;
  const second = source[at + stepY] as number;
  const low = first + x * ((source[at + stepX] as number) - first);
  const high = second + x * ((source[at + stepY + stepX] as number) - second);
  return low + y * (high - low);
}

/** The matrix that turns a voxel index of one grid into the index at the same place of another: to⁻¹ · from. */
export function indexMap(from: Affine, to: Affine): Affine {
  const inverse = inverseOf(to);
  const shift = perAxis((row) => from[row][3] - to[row][3]);
  return perAxis((row) => {
    const [a, b, c] = inverse[row];
    const column = (axis: 0 | 1 | 2): number => a * from[0][axis] + b * from[1][axis] + c * from[2][axis];
    return [column(0), column(1), column(2), a * shift[0] + b * shift[1] + c * shift[2]] as const;
  });
}

/** The inverse of the affine's 3×3 part, by cofactors. */
function inverseOf(affine: Affine): readonly [Triple, Triple, Triple] {
  const [[a, b, c], [d, e, f], [g, h, i]] = affine;
  const size = determinant(affine);
  const scaled = (x: number, y: number, z: number): Triple => [x / size, y / size, z / size];
  return [
    scaled(e * i - f * h, c * h - b * i, b * f - c * e),
    scaled(f * g - d * i, a * i - c * g, c * d - a * f),
    scaled(d * h - e * g, b * g - a * h, a * e - b * d),
  ];
}
