import type { Triple } from '../../image/grid.js';

/**
 * The voxels of each structure: the voxels that belong to one, grouped where they share a face. Structures come in the
 * order of their first voxels, as do the voxels within each.
 *
 * `belongs`: of each voxel, x fastest.
 */
export function structuresOf(belongs: (voxel: number) => boolean, [width, height, depth]: Triple): Int32Array[] {
  const plane = width * height;
  const total = plane * depth;
  const isLeft = new Uint8Array(total);
  for (let i = 0; i < total; i++) isLeft[i] = belongs(i) ? 1 : 0;
  const structures: Int32Array[] = [];
  const found: number[] = [];
  const take = (voxel: number): void => {
    if (isLeft[voxel] !== 1) return;
    isLeft[voxel] = 0;
    found.push(voxel);
  };
  for (let first = 0; first < total; first++) {
    take(first);
    for (let next = 0; next < found.length; next++) {
      const voxel = found[next] as number; // in range
      const x = voxel % width;
      const y = Math.floor(voxel / width) % height;
      if (x > 0) take(voxel - 1);
      if (x < width - 1) take(voxel + 1);
      if (y > 0) take(voxel - width);
      if (y < height - 1) take(voxel + width);
      if (voxel >= plane) take(voxel - plane);
      if (voxel < total - plane) take(voxel + plane);
    }
    if (found.length > 0) structures.push(Int32Array.from(found).sort());
    found.length = 0;
  }
  return structures;
}
