import type { CoverageMap, LabelMap, StoredImage } from '../../image/grid.js';

/** 1 where the image is above the threshold, 0 elsewhere; the threshold itself counts as outside. */
export function maskWhere({ grid, values }: StoredImage, greaterThan: number): LabelMap {
  const mask = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) mask[i] = (values[i] as number) > greaterThan ? 1 : 0; // in range
  return { grid, values: mask };
}

/** 1 where the image has one of the values, as float32 has them, 0 elsewhere. */
export function maskOfValues({ grid, values }: StoredImage, selected: readonly number[]): LabelMap {
  const wanted = new Set(selected.map(Math.fround));
  const mask = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) mask[i] = wanted.has(values[i] as number) ? 1 : 0; // in range
  return { grid, values: mask };
}

/** The number of voxels that belong to the structure; of coverages, their sum. */
export function countStructure({ values }: Pick<CoverageMap, 'values'>): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) count += values[i] as number; // in range
  return count;
}
