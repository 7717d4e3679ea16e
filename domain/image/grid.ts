/**
 * The axis order of every array of the product, stated once: `shape` is [x, y, z] with x fastest, so the value of
 * voxel (i, j, k) stands at index `i + shape[0] * (j + shape[1] * k)`. A 2D image has `shape[2] === 1`.
 */
export type Triple = readonly [number, number, number];

/** The upper three rows of a 4×4 matrix, row by row, that takes a voxel index to physical RAS+ coordinates in mm. */
export type Affine = readonly [
  readonly [number, number, number, number],
  readonly [number, number, number, number],
  readonly [number, number, number, number],
];

/**
 * Where the voxels of an image lie.
 *
 * `spacingMm` is the distance of neighbouring voxel centres along each axis in mm and agrees with the length of the
 * affine's columns. Images without a physical size have
 * spacing 1: a pixel of the file, on every axis.
 */
export interface Grid {
  readonly shape: Triple;
  readonly spacingMm: Triple;
  readonly affine: Affine;
}

/** Intensities on a grid; one modality. */
export interface ScalarImage {
  readonly grid: Grid;
  readonly values: Float32Array;
}

/** Values as files store them: integers of up to 16 bits that are not scaled stay what they are, all others are float32. */
export type StoredValues = Float32Array | Int16Array | Uint16Array | Int8Array | Uint8Array;

/** An image as it is read. */
export interface StoredImage {
  readonly grid: Grid;
  readonly values: StoredValues;
}

/** A binary mask on a grid: 0 outside, 1 inside the structure. */
export interface LabelMap {
  readonly grid: Grid;
  readonly values: Uint8Array;
}

export function voxelCount(shape: Triple): number {
  return shape[0] * shape[1] * shape[2];
}

/** A shape as people write it: `81×81×54`, or `224×224` where there is a single slice. */
export function formatShape(shape: Triple): string {
  return (shape[2] === 1 ? shape.slice(0, 2) : shape).join('×');
}

export function sameShape(left: Triple, right: Triple): boolean {
  return left[0] === right[0] && left[1] === right[1] && left[2] === right[2];
}

export type Axis = 0 | 1 | 2;

export const axes = [0, 1, 2] as const;

/** One entry for each of the axes x, y, z. */
export function perAxis<T>(of: (axis: Axis) => T): readonly [T, T, T] {
  return [of(0), of(1), of(2)];
}
