/**
 * Defines the axis order of every image array: `shape` is [x, y, z] with x fastest, so the value of voxel (i, j, k) is
 * at index `i + shape[0] * (j + shape[1] * k)`. A 2D image has `shape[2] === 1`.
 */
export type Triple = readonly [number, number, number];

/**
 * The upper three rows, in row-major order, of a 4×4 matrix that maps a voxel index to physical RAS+ coordinates in mm.
 */
export type Affine = readonly [
  readonly [number, number, number, number],
  readonly [number, number, number, number],
  readonly [number, number, number, number],
];

/**
 * The position of an image's voxels.
 *
 * `spacingMm` is the distance between neighbouring voxel centres along each axis in mm; it equals the length of the
 * affine's columns. Images without a physical size have spacing 1 (one pixel of the file) on every axis.
 */
export interface Grid {
  readonly shape: Triple;
  readonly spacingMm: Triple;
  readonly affine: Affine;
}

/** Intensities of one modality on a grid. */
export interface ScalarImage {
  readonly grid: Grid;
  readonly values: Float32Array;
}

/** Values as stored in files: unscaled integers of up to 16 bits keep their type, everything else becomes float32. */
export type StoredValues = Float32Array | Int16Array | Uint16Array | Int8Array | Uint8Array;

/** An image as read from a file. */
export interface StoredImage {
  readonly grid: Grid;
  readonly values: StoredValues;
}

/** A binary mask on a grid: 0 outside, 1 inside the structure. */
export interface LabelMap {
  readonly grid: Grid;
  readonly values: Uint8Array;
}

/** The share of each voxel that belongs to the structure, 0 to 1; a binary mask has bytes of 0 and 1. */
export interface CoverageMap {
  readonly grid: Grid;
  readonly values: Uint8Array | Float32Array;
}

export function voxelCount(shape: Triple): number {
  return shape[0] * shape[1] * shape[2];
}

/** A shape as displayed: `81×81×54`, or `224×224` for a single slice. */
export function formatShape(shape: Triple): string {
  return (shape[2] === 1 ? shape.slice(0, 2) : shape).join('×');
}

export function sameShape(left: Triple, right: Triple): boolean {
  return left[0] === right[0] && left[1] === right[1] && left[2] === right[2];
}

export type Axis = 0 | 1 | 2;

export const axes = [0, 1, 2] as const;

/** One entry per axis x, y, z. */
export function perAxis<T>(of: (axis: Axis) => T): readonly [T, T, T] {
  return [of(0), of(1), of(2)];
}
