import { DomainError } from '../domain-error.js';
import { axisStep, determinant, spacingOf } from '../image/affine.js';
import { axes, perAxis, voxelCount, type Affine, type Grid, type Triple } from '../image/grid.js';
import { hostIsLittleEndian } from './nifti-values.js';
import { niftiTypeFacts } from './nifti-types.js';

/** Offset of the voxels in the files that `encodeNifti` writes. */
export const voxelsBegin = 352;

/**
 * Encodes an image as a NIfTI-1 .nii file, little-endian and unscaled. The voxel type, float32 or uint8, is that of
 * `values`. A list has an array for each channel, each on the whole grid; more than one channel makes the file 4-D.
 *
 * The affine (in mm) is written as the sform (code 1, scanner) and, if the axes are perpendicular, also as the qform,
 * so that readers of either agree on the position. Throws IMAGE_SHAPE_MISMATCH if the number of values does not match
 * the grid and channels, ARGUMENT_INVALID if an axis is longer than 32,767, the NIfTI-1 limit.
 */
export function encodeNifti(image: {
  readonly grid: Grid;
  readonly values: Float32Array | Uint8Array | readonly Float32Array[];
}): Uint8Array {
  const { grid, values } = image;
  const arrays: readonly (Float32Array | Uint8Array)[] = isList(values) ? values : [values];
  const channels = arrays.length;
  for (const { length } of arrays) checkSize(grid, length, channels);
  const facts = niftiTypeFacts[values instanceof Uint8Array ? 'uint8' : 'float32'];
  const channelBytes = voxelCount(grid.shape) * facts.bytes;
  const file = new Uint8Array(voxelsBegin + channels * channelBytes);
  const view = new DataView(file.buffer);
  view.setInt32(0, 348, true);
  const lengths = channels > 1 ? [4, ...grid.shape, channels, 1, 1, 1] : [3, ...grid.shape, 1, 1, 1, 1];
  lengths.forEach((length, index) => view.setInt16(40 + 2 * index, length, true));
  view.setInt16(70, facts.code, true);
  view.setInt16(72, facts.bytes * 8, true);
  writeFloats(view, 76, [determinant(grid.affine) < 0 ? -1 : 1, ...spacingOf(grid.affine), 1, 1, 1, 1]);
  writeFloats(view, 108, [voxelsBegin, 1, 0]);
  view.setUint8(123, 2);
  writePlace(view, grid.affine);
  file.set([0x6e, 0x2b, 0x31, 0], 344); // "n+1"
  arrays.forEach((own, channel) => {
    const begin = voxelsBegin + channel * channelBytes;
    if (own instanceof Uint8Array) file.set(own, begin);
    else if (hostIsLittleEndian) new Float32Array(file.buffer, begin, own.length).set(own);
    else writeFloats(view, begin, own);
  });
  return file;
}

function isList(values: Float32Array | Uint8Array | readonly Float32Array[]): values is readonly Float32Array[] {
  return Array.isArray(values);
}

function checkSize({ shape }: Grid, count: number, channels: number): void {
  if (count !== voxelCount(shape)) {
    throw new DomainError('IMAGE_SHAPE_MISMATCH', `${count} values for ${shape.join('×')} voxels`);
  }
  if ([...shape, channels].some((length) => length > 32_767)) {
    throw new DomainError('ARGUMENT_INVALID', `${shape.join('×')}: NIfTI-1 axes are limited to a length of 32767`);
  }
}

function writePlace(view: DataView, affine: Affine): void {
  view.setInt16(254, 1, true);
  writeFloats(view, 280, affine.flat());
  const quaternion = quaternionOf(affine);
  if (quaternion === undefined) return;
  view.setInt16(252, 1, true);
  writeFloats(view, 256, quaternion);
  writeFloats(
    view,
    268,
    affine.map((row) => row[3]),
  );
}

function writeFloats(view: DataView, start: number, values: ArrayLike<number>): void {
  for (let index = 0; index < values.length; index++) view.setFloat32(start + 4 * index, values[index] ?? NaN, true);
}

/**
 * (b, c, d) of the unit quaternion (a ≥ 0) that rotates the grid's axes; the third axis is reversed if they are
 * left-handed. Undefined if the axes are not perpendicular.
 */
function quaternionOf(affine: Affine): Triple | undefined {
  const spacing = spacingOf(affine);
  const handedness = determinant(affine) < 0 ? -1 : 1;
  const r = perAxis((row) =>
    perAxis((column) => (axisStep(affine, column)[row] / spacing[column]) * (column === 2 ? handedness : 1)),
  );
  const cosine = (i: 0 | 1 | 2, j: 0 | 1 | 2): number =>
    axes.reduce<number>((sum, row) => sum + r[row][i] * r[row][j], 0);
  if (Math.max(Math.abs(cosine(0, 1)), Math.abs(cosine(0, 2)), Math.abs(cosine(1, 2))) > 1e-5) return undefined;
  // Each squared component is 1 plus or minus the diagonal entries, over 4. Starting at the largest keeps precision.
  const [xx, yy, zz] = [r[0][0], r[1][1], r[2][2]];
  const squares = [1 + xx + yy + zz, 1 + xx - yy - zz, 1 - xx + yy - zz, 1 - xx - yy + zz];
  const largest = squares.indexOf(Math.max(...squares));
  const root = Math.sqrt(squares[largest] ?? NaN) / 2;
  const [sx, sy, sz] = [r[2][1] - r[1][2], r[0][2] - r[2][0], r[1][0] - r[0][1]];
  const [pxy, pxz, pyz] = [r[0][1] + r[1][0], r[0][2] + r[2][0], r[1][2] + r[2][1]];
  const f = 1 / (4 * root);
  const candidates: readonly (readonly [number, number, number, number])[] = [
    [root, sx * f, sy * f, sz * f],
    [sx * f, root, pxy * f, pxz * f],
    [sy * f, pxy * f, root, pyz * f],
    [sz * f, pxz * f, pyz * f, root],
  ];
  const [a = 1, b = 0, c = 0, d = 0] = candidates[largest] ?? [];
  return a < 0 ? [-b, -c, -d] : [b, c, d];
}
