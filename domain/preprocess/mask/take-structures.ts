import type { Triple } from '../../image/grid.js';

/**
 * The voxels of each structure: those that are 1 in a map, grouped where they share a face. Structures come in the order
 * of their first voxels, as do the voxels within each.
 *
 * `map`: 0 and 1, x fastest. It is emptied.
 */
export function takeStructures(map: Uint8Array, shape: Triple): Int32Array[] {
  const structures: Int32Array[] = [];
  for (let first = map.indexOf(1); first >= 0; first = map.indexOf(1, first + 1)) {
    structures.push(takeStructure(map, shape, first));
  }
  return structures;
}

/** Empties the structure of a voxel, and returns its voxels in order. */
function takeStructure(map: Uint8Array, [width, height, depth]: Triple, first: number): Int32Array {
  const plane = width * height;
  const found: number[] = [];
  const take = (voxel: number): void => {
    if (map[voxel] !== 1) return;
    map[voxel] = 0;
    found.push(voxel);
  };
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
    if (voxel < plane * (depth - 1)) take(voxel + plane);
  }
  return Int32Array.from(found).sort();
}
