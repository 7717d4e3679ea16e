import type { Triple } from '../../image/grid.js';
import { HeaderFields, headerText, longestTextHeader, shortened, voxelFileIn } from './header-text.js';
import { notFormat } from '../recognise.js';
import { checkedImageHeader, invalidHeader, type ImageHeader } from './image-header.js';
import { niftiTypeFacts } from '../nifti-types.js';
import { nrrdGrid } from './nrrd-grid.js';
import { nrrdTypes } from './stored-types.js';

export interface NrrdHeader {
  readonly header: ImageHeader;
  /** The file in the same folder that contains the voxels; undefined if they follow the header. */
  readonly voxelFile: string | undefined;
  /** First byte of the voxels in their file. */
  readonly startByte: number;
  readonly encoding: 'none' | 'gzip';
}

/**
 * Reads and checks an NRRD header whose voxels are in the same file (.nrrd) or one beside it (.nhdr), raw or gzipped;
 * `nrrdGrid` says which axes become channels. The format is teem's, versions 1 to 5.
 *
 * Throws FILE_FORMAT_INVALID, naming `source`, for a header that is incomplete or contradicts itself, text and bzip2
 * encodings, blocks, voxels in several files or in another folder, skipped bytes; and what `nrrdGrid` and
 * `checkedImageHeader` refuse.
 */
export function parseNrrdHeader(bytes: Uint8Array, source: string, spacingMm?: Triple): NrrdHeader {
  const { fields, startByte } = nrrdFields(bytes, source);
  refuseOthers(fields, source);
  const typeName = fields.required('type').toLowerCase();
  const dataType = nrrdTypes[typeName];
  if (dataType === undefined) throw invalidHeader(source, `its type is ${shortened(typeName)}, which is not supported`);
  const dataFile = fields.text('data file');
  const voxelFile = dataFile === undefined ? undefined : voxelFileIn(dataFile, source);
  const { interleaved, ...grid } = nrrdGrid(fields, source);
  return {
    header: checkedImageHeader(
      grid,
      {
        dataType,
        littleEndian: niftiTypeFacts[dataType].bytes === 1 || isLittleEndian(fields, source),
        interleaved,
        dataOffsetBytes: 0,
      },
      { source, spacingMm },
    ),
    voxelFile,
    startByte: voxelFile === undefined ? startByte : 0,
    encoding: encodingOf(fields, source),
  };
}

/**
 * The lines `field: value` up to the first empty line or, where the voxels are in another file, to the end; comments and
 * `key:=value` lines are passed over.
 */
function nrrdFields(bytes: Uint8Array, source: string): { readonly fields: HeaderFields; readonly startByte: number } {
  const text = headerText(bytes);
  if (!/^NRRD000[1-5]\r?\n/.test(text)) {
    const [version] = /^NRRD\d{4}(?=\r?\n)/.exec(text) ?? [];
    if (version !== undefined) throw invalidHeader(source, `it is ${version}; expected NRRD0001 to NRRD0005`);
    throw invalidHeader(source, notFormat('NRRD', bytes) ?? 'it does not begin with an NRRD header');
  }
  const fields = new HeaderFields(source);
  for (let start = text.indexOf('\n') + 1; ;) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    if (start >= text.length && fields.text('data file') !== undefined) return { fields, startByte: start };
    if (start >= text.length || end >= longestTextHeader) {
      throw invalidHeader(source, 'its header does not end in an empty line');
    }
    const line = text.slice(start, end).replace(/\r$/, '');
    start = end + 1;
    if (line === '') return { fields, startByte: start };
    if (line.startsWith('#')) continue;
    const [, name, mark, value] = /^([^:]+):(=?)(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      throw invalidHeader(source, `its header has the line "${shortened(line)}"; expected FIELD: VALUE`);
    }
    if (mark === '') fields.add(aliases[name.trim().toLowerCase()] ?? name.trim().toLowerCase(), value);
  }
}

const aliases: Readonly<Record<string, string>> = {
  ...{ datafile: 'data file', lineskip: 'line skip', byteskip: 'byte skip' },
  ...{ axismins: 'axis mins', axismaxs: 'axis maxs', centers: 'centerings' },
};

function refuseOthers(fields: HeaderFields, source: string): void {
  for (const skip of ['line skip', 'byte skip']) {
    if ((fields.numbers(skip, 1)?.[0] ?? 0) !== 0) throw invalidHeader(source, `its ${skip} is not 0`);
  }
}

function isLittleEndian(fields: HeaderFields, source: string): boolean {
  const endian = fields.required('endian').toLowerCase();
  if (endian !== 'little' && endian !== 'big') {
    throw invalidHeader(source, `its endian is "${shortened(endian)}"; expected little or big`);
  }
  return endian === 'little';
}

function encodingOf(fields: HeaderFields, source: string): NrrdHeader['encoding'] {
  const encoding = fields.required('encoding').toLowerCase();
  if (encoding === 'raw') return 'none';
  if (encoding === 'gzip' || encoding === 'gz') return 'gzip';
  throw invalidHeader(source, `its encoding is ${shortened(encoding)}; save it with the encoding raw or gzip`);
}
