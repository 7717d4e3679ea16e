import type { CoverageMap, LabelMap, StoredImage, StoredValues } from '../../image/grid.js';

/** 1 where the image is above the threshold, as its values have it, 0 elsewhere; the threshold itself counts as outside. */
export function maskWhere({ grid, values }: StoredImage, greaterThan: number): LabelMap {
  const threshold = asStored(greaterThan, values);
  const mask = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) mask[i] = (values[i] as number) > threshold ? 1 : 0; // in range
  return { grid, values: mask };
}

/** 1 where the image has one of the values, as its values have them, 0 elsewhere. */
export function maskOfValues({ grid, values }: StoredImage, selected: readonly number[]): LabelMap {
  const wanted = new Set(selected.map((value) => asStored(value, values)));
  const mask = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) mask[i] = wanted.has(values[i] as number) ? 1 : 0; // in range
  return { grid, values: mask };
}

/** A number of the config as an image has it: rounded as the image's values are, to be compared with them. */
export function asStored(value: number, values: StoredValues): number {
  return values instanceof Float32Array ? Math.fround(value) : value;
}

/** The number of voxels that belong to the structure; of coverages, their sum. */
export function countStructure({ values }: Pick<CoverageMap, 'values'>): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) count += values[i] as number; // in range
  return count;
}
