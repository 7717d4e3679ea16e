import { perAxis, type Triple } from '../../image/grid.js';
import { HeaderFields, headerText, longestTextHeader, shortened, voxelFileIn } from './header-text.js';
import { notFormat } from '../recognise.js';
import { checkedImageHeader, invalidHeader, noSpacing, spacingProblemOf, type ImageHeader } from './image-header.js';
import { metaTypes } from './stored-types.js';

export interface MetaHeader {
  readonly header: ImageHeader;
  /** The file in the same folder that contains the voxels; undefined if they follow the header. */
  readonly voxelFile: string | undefined;
  /** First byte of the voxels in their file. */
  readonly startByte: number;
  readonly encoding: 'none' | 'zlib';
  /** Size of the zlib stream, if the header states it. */
  readonly compressedBytes: number | undefined;
}

/**
 * Reads and checks the header of a MetaImage with its voxels in the same file (.mha) or one beside it (.mhd). Channels
 * are those of each voxel (ElementNumberOfChannels), or the fourth axis. Positions are LPS in the file. As in ITK, the
 * n-th row of TransformMatrix is the direction of the n-th axis, an absent matrix is the identity, and
 * AnatomicalOrientation, which only repeats the matrix in letters, is not read; unlike in ITK, a spacing that the header
 * lacks is not 1 mm.
 *
 * Throws FILE_FORMAT_INVALID, naming `source`, for a header that is incomplete, contradicts itself, or declares text
 * voxels, an intensity function, voxels in several files or in another folder, or more than four axes; and what
 * `checkedImageHeader` refuses.
 */
export function parseMetaHeader(bytes: Uint8Array, source: string, spacingMm?: Triple): MetaHeader {
  const { fields, startByte } = metaFields(bytes, source);
  refuseOthers(fields, source);
  const axisCount = fields.numbers('NDims', 1)?.[0] ?? NaN;
  if (![2, 3, 4].includes(axisCount)) throw invalidHeader(source, `its NDims is ${axisCount}; expected 2, 3 or 4`);
  const lengths = fields.numbers('DimSize', axisCount);
  if (lengths === undefined) throw invalidHeader(source, 'its header has no field "DimSize"');
  const typeName = fields.required('ElementType');
  const dataType = metaTypes[typeName];
  if (dataType === undefined)
    throw invalidHeader(source, `its ElementType is ${shortened(typeName)}, which is not supported`);
  const perVoxel = fields.numbers('ElementNumberOfChannels', 1)?.[0] ?? 1;
  const entries = lengths[3] ?? 1;
  if (perVoxel !== 1 && entries !== 1) throw invalidHeader(source, 'it has both a fourth axis and several channels');
  const compressed = flag(fields, ['CompressedData'], source);
  const place = fields.required('ElementDataFile');
  const voxelFile = place.toUpperCase() === 'LOCAL' ? undefined : voxelFileIn(place, source);
  return {
    header: checkedImageHeader(
      { lengths, channels: perVoxel * entries, ...metaGrid(fields, axisCount, source) },
      {
        dataType,
        littleEndian: !flag(fields, ['BinaryDataByteOrderMSB', 'ElementByteOrderMSB'], source),
        interleaved: perVoxel > 1,
        dataOffsetBytes: 0,
      },
      { source, spacingMm },
    ),
    voxelFile,
    startByte: voxelFile === undefined ? startByte : 0,
    encoding: compressed ? 'zlib' : 'none',
    compressedBytes: compressed ? fields.numbers('CompressedDataSize', 1)?.[0] : undefined,
  };
}

/** The lines `name = value` up to ElementDataFile, which is always the last. */
function metaFields(bytes: Uint8Array, source: string): { readonly fields: HeaderFields; readonly startByte: number } {
  const text = headerText(bytes);
  const fields = new HeaderFields(source);
  for (let start = 0; ;) {
    const found = text.indexOf('\n', start);
    // Where voxels follow in another file, the last line may lack its end.
    const end = found < 0 && /^\s*ElementDataFile\b/.test(text.slice(start)) ? text.length : found;
    const [line = '', name, value] = /^\s*(\w+)\s*=([^\n]*)$/.exec(text.slice(start, end)) ?? [];
    if (start === 0 && !['ObjectType', 'NDims', 'Comment'].includes(name ?? '')) {
      throw invalidHeader(source, notFormat('MetaImage', bytes) ?? 'it does not begin with a MetaImage header');
    }
    if (end < 0 || end >= longestTextHeader)
      throw invalidHeader(source, 'its header has no line "ElementDataFile = …"');
    start = end + 1;
    if (name === undefined || value === undefined) {
      if (line.trim() === '') continue;
      throw invalidHeader(source, `its header has the line "${shortened(line)}"; expected NAME = VALUE`);
    }
    fields.add(name, value);
    if (name === 'ElementDataFile') return { fields, startByte: start };
  }
}

/** What the format allows but volbias cannot represent. */
function refuseOthers(fields: HeaderFields, source: string): void {
  const objectType = fields.text('ObjectType') ?? 'Image';
  if (objectType !== 'Image') throw invalidHeader(source, `its ObjectType is ${shortened(objectType)}; expected Image`);
  if ((fields.numbers('HeaderSize', 1)?.[0] ?? 0) !== 0) throw invalidHeader(source, 'its HeaderSize is not 0');
  if (fields.text('BinaryData') !== undefined && !flag(fields, ['BinaryData'], source)) {
    throw invalidHeader(source, 'its voxels are text (BinaryData = False); save it in binary form');
  }
  const slope = fields.numbers('ElementToIntensityFunctionSlope', 1)?.[0] ?? 1;
  const intercept = fields.numbers('ElementToIntensityFunctionOffset', 1)?.[0] ?? 0;
  if (slope !== 1 || intercept !== 0) {
    throw invalidHeader(
      source,
      'it declares an intensity function, which ITK ignores; save it with the intended values',
    );
  }
}

function flag(fields: HeaderFields, names: readonly string[], source: string): boolean {
  const [name, other] = names.filter((one) => fields.text(one) !== undefined);
  if (name === undefined) return false;
  if (other !== undefined) throw invalidHeader(source, `its header states both ${name} and ${other}`);
  const value = fields.required(name);
  if (/^(true|1)$/i.test(value)) return true;
  if (/^(false|0)$/i.test(value)) return false;
  throw invalidHeader(source, `its ${name} is "${shortened(value)}"; expected True or False`);
}

/** The numbers of the first of these fields that the header has: names of one thing from several versions. */
function oneOf(fields: HeaderFields, names: readonly string[], count: number, source: string): number[] | undefined {
  const [name, other] = names.filter((one) => fields.text(one) !== undefined);
  if (other !== undefined) throw invalidHeader(source, `its header states both ${name ?? ''} and ${other}`);
  return name === undefined ? undefined : fields.numbers(name, count);
}

function metaGrid(fields: HeaderFields, axisCount: number, source: string) {
  const identity = Array.from({ length: axisCount ** 2 }, (_, index) => (index % (axisCount + 1) === 0 ? 1 : 0));
  const matrix = oneOf(fields, ['TransformMatrix', 'Orientation', 'Rotation'], axisCount ** 2, source) ?? identity;
  const offset = oneOf(fields, ['Offset', 'Position', 'Origin'], axisCount, source) ?? [];
  const stated = fields.numbers('ElementSpacing', axisCount) ?? fields.numbers('ElementSize', axisCount);
  const spacingProblem = stated === undefined ? noSpacing : spacingProblemOf(stated);
  const spacing = spacingProblem === undefined ? stated : undefined;
  const direction = (axis: number, row: number): number =>
    axis < axisCount && row < axisCount ? (matrix[axis * axisCount + row] ?? NaN) : Number(axis === row);
  if (axisCount === 4 && [0, 1, 2].some((axis) => direction(axis, 3) !== 0 || direction(3, axis) !== 0)) {
    throw invalidHeader(source, 'its fourth axis is not perpendicular to the other three');
  }
  // x and y increase to the left and to the back in the file.
  const sign: Triple = [-1, -1, 1];
  return {
    steps: perAxis((axis) => perAxis((row) => sign[row] * direction(axis, row) * (spacing?.[axis] ?? 1))),
    origin: perAxis((row) => sign[row] * (offset[row] ?? 0)),
    spacingProblem,
  };
}
