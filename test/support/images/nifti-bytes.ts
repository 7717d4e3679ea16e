import { encodeNifti } from '../../../domain/formats/encode-nifti.js';
import { niftiTypeFacts, type NiftiDataType } from '../../../domain/formats/nifti-types.js';
import type { Grid } from '../../../domain/image/grid.js';

/** A .nii file of any voxel type: the float32 one that the product writes, with its voxels and their form replaced. */
export function niftiBytes(
  grid: Grid,
  dataType: NiftiDataType,
  voxels: ArrayBufferView,
  { slope = 1 }: { readonly slope?: number } = {},
): { readonly header: Buffer; readonly voxels: Buffer } {
  const small = encodeNifti({ grid: { ...grid, shape: [1, 1, 1] }, values: new Float32Array(1) });
  const header = Buffer.from(small.subarray(0, 352));
  const { code, bytes } = niftiTypeFacts[dataType];
  grid.shape.forEach((length, axis) => header.writeInt16LE(length, 42 + 2 * axis));
  header.writeInt16LE(code, 70);
  header.writeInt16LE(8 * bytes, 72);
  header.writeFloatLE(slope, 112);
  return { header, voxels: Buffer.from(voxels.buffer, voxels.byteOffset, voxels.byteLength) };
}
