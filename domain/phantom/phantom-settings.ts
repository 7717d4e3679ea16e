import { DomainError } from '../domain-error.js';
import { pixelSize, voxelSizeInMillilitres } from '../evaluate/voxel-size.js';
import { diagonalAffine } from '../image/affine.js';
import { perAxis, type Grid, type Triple } from '../image/grid.js';

/** Description of a synthetic data set; the config's `phantom` section. */
export interface PhantomSettings {
  readonly dimensions: 2 | 3;
  readonly cases: number;
  /** Two entries in 2D (pixels), three in 3D (voxels). */
  readonly shape: readonly number[];
  /** 3D only; pixels of 2D phantoms have size 1. */
  readonly spacingMm: readonly number[];
  /** 2D only: bits per pixel on disk. */
  readonly bitDepth: 8 | 16;
  /** In pixels (2D) or mm (3D), like `regionRadius`. */
  readonly coreRadius: number;
  readonly regions: number;
  readonly regionRadius: number;
  /** Probability that an uncertain region belongs to the structure. */
  readonly probability: number;
  /** Standard deviation; the core is 1 above the background. */
  readonly noise: number;
}

/** A modality of a phantom, with the intensities of core and regions; the background is 0. */
export interface PhantomModality {
  readonly name: string;
  readonly core: number;
  readonly uncertain: number;
}

/** The modalities of a phantom: one picture in 2D, two contrasts of the same objects in 3D. */
export function phantomModalities(dimensions: 2 | 3): readonly PhantomModality[] {
  const first = { core: 1, uncertain: 0.5 };
  return dimensions === 2
    ? [{ name: 'image', ...first }]
    : [
        { name: 'T1', ...first },
        { name: 'T2', core: 0.8, uncertain: 0.4 },
      ];
}

/** Throws ARGUMENT_INVALID unless the shape has as many entries as the phantom has dimensions. */
export function phantomGrid({ dimensions, shape, spacingMm }: PhantomSettings): Grid {
  if (shape.length !== dimensions) {
    throw new DomainError(
      'ARGUMENT_INVALID',
      `a ${dimensions}D phantom needs ${dimensions} axes, but its shape is ${shape.join('×')}`,
    );
  }
  const spacing: Triple = perAxis((axis) => (dimensions === 2 ? 1 : (spacingMm[axis] ?? 1)));
  return { shape: perAxis((axis) => shape[axis] ?? 1), spacingMm: spacing, affine: diagonalAffine(spacing) };
}

/** Volume of one voxel in ml (3D) or of one pixel in hundreds of pixels (2D). */
export function phantomVoxelVolume(settings: PhantomSettings): number {
  return settings.dimensions === 2 ? pixelSize.voxelVolume : voxelSizeInMillilitres(phantomGrid(settings)).voxelVolume;
}
