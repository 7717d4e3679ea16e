import { DomainError } from '../../domain-error.js';
import { determinant, spacingOf } from '../../image/affine.js';
import { perAxis, voxelCount, type Affine, type Axis, type Grid, type Triple } from '../../image/grid.js';
import { niftiTypeFacts, type NiftiDataType } from '../nifti-types.js';
import type { NiftiValueForm } from '../nifti-values.js';

/** How a header says that the voxels are stored, whatever the file's format. */
export interface VoxelHeader extends NiftiValueForm {
  readonly shape: Triple;
  readonly channels: number;
  /** Whether the channels of one voxel are adjacent; by default each channel is a whole image. */
  readonly interleaved?: boolean;
  /** Bytes before the voxels, once inflated. */
  readonly dataOffsetBytes: number;
  readonly dataLengthBytes: number;
}

/** The checked header of an NRRD, MetaImage or MGH file. */
export interface ImageHeader extends VoxelHeader {
  /** In mm, RAS+. */
  readonly affine: Affine;
}

/** Maximum number of voxels per file, over all channels: 4 GiB as float32. */
const maximumVoxels = 2 ** 30;

/** What a header states about its grid, before it is checked. */
export interface StatedGrid {
  /** Lengths of the spatial axes, two or three, then the number of channels. */
  readonly lengths: readonly number[];
  readonly channels: number;
  /** Step along each axis in RAS+ mm; of any length above 0 if there is a `spacingProblem`. */
  readonly steps: readonly [Triple, Triple, Triple];
  readonly origin: Triple;
  /** Why the header gives no spacing that can be used; undefined if it does. */
  readonly spacingProblem: string | undefined;
}

/** How the voxels of a stated grid are stored. Scaling does not occur in these formats. */
export interface StatedVoxels {
  readonly dataType: NiftiDataType;
  readonly littleEndian: boolean;
  readonly interleaved: boolean;
  readonly dataOffsetBytes: number;
}

/**
 * The header of a grid and its voxels, checked as `parseNiftiHeader` checks NIfTI's. `spacingMm`, if given, replaces the
 * stated spacing. Throws FILE_FORMAT_INVALID, naming `source`, for an axis shorter than 1, an unknown or impossible spacing
 * that is not given, and an affine that is singular or not finite; FILE_TOO_LARGE for more than 2³⁰ voxels.
 */
export function checkedImageHeader(
  { lengths, channels, steps, origin, spacingProblem }: StatedGrid,
  voxels: StatedVoxels,
  { source, spacingMm }: { readonly source: string; readonly spacingMm?: Triple | undefined },
): ImageHeader {
  const shape = perAxis((axis) => lengths[axis] ?? 1);
  checkLengths([...shape, channels], source);
  if (spacingProblem !== undefined && spacingMm === undefined) {
    throw invalidHeader(source, `${spacingProblem}; if you know it, set overrideSpacingMm`);
  }
  // + 0 turns −0, which is the opposite of 0, into 0.
  const stated = checkedAffine(
    perAxis((row) => [...perAxis((axis) => steps[axis][row] + 0), origin[row] + 0] as const),
    source,
  );
  return {
    ...voxels,
    ...{ shape, channels, slope: 1, intercept: 0 },
    dataLengthBytes: voxelCount(shape) * channels * niftiTypeFacts[voxels.dataType].bytes,
    affine: spacingMm === undefined ? stated : withSpacing(stated, spacingMm),
  };
}

export const noSpacing = 'its header states no voxel spacing';

/** Why a stated spacing cannot be used; undefined if it can. */
export function spacingProblemOf(spacing: readonly number[]): string | undefined {
  if (spacing.every((value) => value > 0 && value < Infinity)) return undefined;
  return `its voxel spacing is ${spacing.join('×')}; each must be positive`;
}

export function gridOfHeader({ shape, affine }: ImageHeader): Grid {
  return { shape, affine, spacingMm: spacingOf(affine) };
}

/** Refuses lengths of axes below 1, and images of more voxels than are supported, before anything is allocated. */
export function checkLengths(lengths: readonly number[], source: string): void {
  if (lengths.some((length) => !Number.isSafeInteger(length) || length < 1)) {
    throw invalidHeader(source, `its dimensions are ${lengths.join('×')}; each must be at least 1`);
  }
  const voxels = lengths.reduce((product, length) => product * length, 1);
  if (voxels > maximumVoxels) {
    throw new DomainError(
      'FILE_TOO_LARGE',
      `${source}: it has ${lengths.join('×')} = ${voxels} voxels; at most ${maximumVoxels} are supported`,
      { source, voxels, limit: maximumVoxels },
    );
  }
}

/** The affine, or FILE_FORMAT_INVALID if it is not finite or its axes are coplanar. */
export function checkedAffine(affine: Affine, source: string): Affine {
  if (!affine.flat().every(Number.isFinite)) throw invalidHeader(source, 'its affine is not finite', { affine });
  const lengths = spacingOf(affine);
  const size = lengths[0] * lengths[1] * lengths[2];
  if (!(Math.abs(determinant(affine)) > 1e-6 * size)) {
    throw invalidHeader(source, 'its affine is singular: its axes are coplanar', { affine });
  }
  return affine;
}

/** The affine with the same directions and origin, but the given spacing. */
export function withSpacing(affine: Affine, spacing: Triple): Affine {
  const lengths = spacingOf(affine);
  const factor = perAxis((axis: Axis) => spacing[axis] / lengths[axis]);
  return perAxis((row) => {
    const [x, y, z, origin] = affine[row];
    return [x * factor[0], y * factor[1], z * factor[2], origin] as const;
  });
}

export function invalidHeader(source: string, reason: string, details: Record<string, unknown> = {}): DomainError {
  return new DomainError('FILE_FORMAT_INVALID', `${source}: ${reason}`, { source, ...details });
}
