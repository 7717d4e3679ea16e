import { spacingOf } from '../image/affine.js';
import { perAxis, voxelCount, type Affine, type Axis, type Grid, type Triple } from '../image/grid.js';
import {
  checkedAffine,
  checkLengths,
  invalidHeader as invalid,
  withSpacing,
  type VoxelHeader,
} from './headers/image-header.js';
import { formsApart, niftiAffine } from './nifti-affine.js';
import { niftiFields, type NiftiFields } from './nifti-fields.js';
import { niftiTypeFacts, niftiTypeOfCode, refusedTypeName, type NiftiDataType } from './nifti-types.js';

/** A NIfTI header in which every field that volbias uses is checked. */
export interface NiftiHeader extends VoxelHeader {
  readonly version: 1 | 2;
  /** False for a header whose voxels are in a separate .img file. */
  readonly singleFile: boolean;
  /** Length of the only axis beyond the third that is longer than 1; 1 if there is none. */
  readonly channels: number;
  readonly sformCode: number;
  readonly qformCode: number;
  /** By how much sform and qform contradict each other, in mm; null if the file does not have both. */
  readonly formsApartMm: number | null;
  /** In the file's unit of length, as in nibabel. */
  readonly affine: Affine;
  /** The file's unit of length in mm: 1000 for metres, 0.001 for micrometres, else 1. */
  readonly unitMm: number;
}

/** Size of the largest NIfTI header; `parseNiftiHeader` accepts fewer bytes if the file is shorter. */
export const niftiHeaderBytes = 540;

/** Maximum relative difference between pixdim and the length of the affine's column. */
const spacingTolerance = 1e-3;

/**
 * Reads and checks a NIfTI-1 or NIfTI-2 header in either byte order.
 *
 * Throws FILE_FORMAT_INVALID, naming `source`, for: no NIfTI magic; dim[0] outside 1..7; an axis shorter than 1; more
 * than one axis longer than 1 beyond the third; complex, colour and 128-bit types; bitpix that contradicts the type;
 * voxels that begin inside the header; a slope without a finite intercept; a spacing that is 0, negative, not finite or
 * in contradiction to the affine; a singular affine. Throws FILE_TOO_LARGE for more than 2³⁰ voxels.
 *
 * `spacingMm`, if given, overrides the header's spacing; the affine keeps its directions and origin.
 */
export function parseNiftiHeader(bytes: Uint8Array, source: string, spacingMm?: Triple): NiftiHeader {
  const fields = niftiFields(bytes, source);
  const { shape, channels } = parseShape(fields, source);
  const dataType = parseDataType(fields, source);
  const unitMm = { 1: 1000, 3: 0.001 }[fields.unitCode & 7] ?? 1;
  const affine =
    spacingMm === undefined
      ? parseAffine(fields, shape, source)
      : affineOfSpacing(fields, { shape, source, spacing: perAxis((axis) => spacingMm[axis] / unitMm) });
  return {
    version: fields.version,
    littleEndian: fields.littleEndian,
    singleFile: fields.singleFile,
    shape,
    channels,
    dataType,
    ...parseScaling(fields, source),
    dataOffsetBytes: parseOffset(fields, source),
    dataLengthBytes: voxelCount(shape) * channels * niftiTypeFacts[dataType].bytes,
    sformCode: fields.sformCode,
    qformCode: fields.qformCode,
    formsApartMm: formsApartMm(fields, shape, unitMm),
    affine,
    unitMm,
  };
}

function formsApartMm(fields: NiftiFields, shape: Triple, unitMm: number): number | null {
  const spacing = perAxis((axis) => fields.pixdim[axis + 1] ?? NaN);
  const distance = formsApart(fields, shape, spacing);
  return distance === undefined ? null : distance * unitMm;
}

/** The header's grid in millimetres. */
export function niftiGrid({ shape, affine, unitMm }: NiftiHeader): Grid {
  const affineMm = perAxis((row) => {
    const [x, y, z, origin] = affine[row];
    return [x * unitMm, y * unitMm, z * unitMm, origin * unitMm] as const;
  });
  return { shape, affine: affineMm, spacingMm: spacingOf(affineMm) };
}

function parseShape({ dimensions }: NiftiFields, source: string): { shape: Triple; channels: number } {
  const [rank = NaN, ...lengths] = dimensions;
  if (!(rank >= 1 && rank <= 7)) throw invalid(source, `its dim[0] is ${rank}; expected 1 to 7`);
  const used = lengths.slice(0, rank);
  checkLengths(used, source);
  const beyond = used.slice(3).filter((length) => length > 1);
  if (beyond.length > 1)
    throw invalid(source, `it has ${used.join('×')} voxels; at most four axes may be longer than 1`);
  return { shape: perAxis((axis) => used[axis] ?? 1), channels: beyond[0] ?? 1 };
}

function parseDataType({ typeCode, bitsPerVoxel }: NiftiFields, source: string): NiftiDataType {
  const type = niftiTypeOfCode(typeCode);
  if (type === undefined) {
    throw invalid(
      source,
      `its voxel type has code ${typeCode} (${refusedTypeName(typeCode)}); expected integers or floats up to 64 bits`,
    );
  }
  if (bitsPerVoxel !== niftiTypeFacts[type].bytes * 8) {
    throw invalid(source, `its header states ${bitsPerVoxel} bits per voxel, which contradicts its type ${type}`);
  }
  return type;
}

/** A slope of 0, NaN or ±∞ means no scaling, as in nibabel. */
function parseScaling(fields: NiftiFields, source: string): { slope: number; intercept: number } {
  const { slope, intercept } = fields;
  if (slope === 0 || !Number.isFinite(slope)) return { slope: 1, intercept: 0 };
  if (!Number.isFinite(intercept)) throw invalid(source, `its scl_slope is ${slope} but its scl_inter is ${intercept}`);
  return { slope, intercept };
}

function parseOffset({ dataOffset, headerBytes, singleFile }: NiftiFields, source: string): number {
  // In a single file, four bytes after the header flag whether extensions follow.
  const least = singleFile ? headerBytes + 4 : 0;
  if (!Number.isSafeInteger(dataOffset) || dataOffset < least) {
    throw invalid(
      source,
      `its voxels begin at byte ${dataOffset} (vox_offset); expected a whole number of at least ${least}`,
    );
  }
  return dataOffset;
}

function parseAffine(fields: NiftiFields, shape: Triple, source: string): Affine {
  // Axes that the file lacks (dim[0] below 3) have no spacing; the grid uses 1.
  const present = (axis: Axis): boolean => axis < (fields.dimensions[0] ?? 0);
  const spacing = perAxis((axis) => (present(axis) ? (fields.pixdim[axis + 1] ?? NaN) : 1));
  if (spacing.some((value) => !(value > 0 && value < Infinity))) {
    throw invalid(
      source,
      `its voxel spacing is ${spacing.join('×')}; each must be positive; overrideSpacingMm replaces it`,
      { spacing },
    );
  }
  const affine = checkedAffine(niftiAffine(fields, shape, spacing, source), source);
  const lengths = spacingOf(affine);
  for (const axis of [0, 1, 2] as const) {
    if (present(axis) && Math.abs(lengths[axis] / spacing[axis] - 1) > spacingTolerance) {
      throw invalid(
        source,
        `its spacing (pixdim) is ${spacing.join('×')} but the affine's is ${lengths.join('×')}; correct one of them, or set overrideSpacingMm`,
        { spacing, affine },
      );
    }
  }
  return affine;
}

/** The affine with the header's directions and origin but the given spacing. */
function affineOfSpacing(
  fields: NiftiFields,
  { shape, spacing, source }: { readonly shape: Triple; readonly spacing: Triple; readonly source: string },
): Affine {
  return withSpacing(checkedAffine(niftiAffine(fields, shape, spacing, source), source), spacing);
}
