import { DomainError } from '../domain-error.js';
import { pixelSize, voxelSizeInMillilitres } from '../evaluate/voxel-size.js';
import { diagonalAffine } from '../image/affine.js';
import { perAxis, type Grid, type Triple } from '../image/grid.js';

/** What a synthetic data set looks like; the config's `phantom` section. */
export interface PhantomSettings {
  readonly dimensions: 2 | 3;
  readonly cases: number;
  /** Two entries in 2D (pixels), three in 3D (voxels). */
  readonly shape: readonly number[];
  /** 3D only; pixels of 2D phantoms have size 1. */
  readonly spacingMm: readonly number[];
  /** 2D only: bits of a pixel on disk. */
  readonly bitDepth: 8 | 16;
  /** In pixels (2D) or mm (3D), as is `regionRadius`. */
  readonly coreRadius: number;
  readonly regions: number;
  readonly regionRadius: number;
  /** Probability with which each uncertain region belongs to the structure. */
  readonly probability: number;
  /** Standard deviation; the core is 1 above the background. */
  readonly noise: number;
}

/** A modality of a phantom and the intensities of what it shows; the background is 0. */
export interface PhantomModality {
  readonly name: string;
  readonly core: number;
  readonly uncertain: number;
}

/** The modalities that a phantom has: one picture in 2D, two contrasts of the same things in 3D. */
export function phantomModalities(dimensions: 2 | 3): readonly PhantomModality[] {
  const first = { core: 1, uncertain: 0.5 };
  return dimensions === 2
    ? [{ name: 'image', ...first }]
    : [
        { name: 'T1', ...first },
        { name: 'T2', core: 0.8, uncertain: 0.4 },
      ];
}

/** ARGUMENT_INVALID if shape or spacing do not have as many entries as the phantom has dimensions. */
export function phantomGrid({ dimensions, shape, spacingMm }: PhantomSettings): Grid {
  if (shape.length !== dimensions) {
    throw new DomainError('ARGUMENT_INVALID', `a ${dimensions}D phantom cannot have the shape ${shape.join('×')}`);
  }
  const spacing: Triple = perAxis((axis) => (dimensions === 2 ? 1 : (spacingMm[axis] ?? 1)));
  return { shape: perAxis((axis) => shape[axis] ?? 1), spacingMm: spacing, affine: diagonalAffine(spacing) };
}

/** Volume of one voxel in ml (3D) or of one pixel in hundreds of pixels (2D). */
export function phantomVoxelVolume(settings: PhantomSettings): number {
  return settings.dimensions === 2
    ? pixelSize.voxelVolume
    : voxelSizeInMillilitres(phantomGrid(settings).spacingMm).voxelVolume;
}
