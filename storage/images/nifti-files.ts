import { DomainError } from '../../domain/domain-error.js';
import { niftiExtensions, type NiftiExtensions } from '../../domain/formats/nifti-extensions.js';
import { niftiHeaderBytes, parseNiftiHeader, type NiftiHeader } from '../../domain/formats/nifti-header.js';
import { niftiTypeFacts } from '../../domain/formats/nifti-types.js';
import { decodeVoxelsInto, roomOfVoxels, valuesOfBytes, valuesOfLength } from '../../domain/formats/nifti-values.js';
import { voxelCount, type StoredValues, type Triple } from '../../domain/image/grid.js';
import { ByteSource, mostBytesIn } from '../files/byte-source.js';
import { readFirstBytes } from '../files/first-bytes.js';

/** Voxels that are not read at once are decoded in blocks of this size. */
const blockBytes = 1 << 20;

/** Files with more bytes of voxels are read block by block: zlib cannot fill an array of 4 GiB at once. */
const largestAtOnce = 1 << 30;

/** Extensions are looked for in the first bytes of a file, up to this many. */
const extensionBytes = 1 << 20;

/** Zero bytes that may follow the voxels: some writers fill up their last block. */
const paddingLimit = 4096;

export interface NiftiReadOptions {
  /** Only this entry of the fourth axis, counted from 0. */
  readonly channel?: number;
  /** Believed instead of the header's spacing. */
  readonly spacingMm?: Triple;
}

export interface NiftiVoxels {
  readonly header: NiftiHeader;
  /** The channels that were asked for, in that order; each as long as the grid. */
  readonly channels: readonly StoredValues[];
}

/** A checked header, and the file that its voxels stand in. */
interface NiftiPlace {
  readonly header: NiftiHeader;
  readonly path: string;
}

/**
 * Reads a NIfTI file (.nii, or .hdr with its .img; any of them may be gzipped). `channel` chooses one entry of the
 * fourth axis; without it all are read. The voxels are held once: they are inflated to where they stay, or, of a chosen
 * channel and of very large files, decoded block by block.
 *
 * Every file is read to its end: only then has gzip's own checksum been verified. FILE_UNREADABLE if it cannot be
 * opened; FILE_FORMAT_INVALID if the header is refused, the compressed data are damaged, or the file holds fewer or
 * more voxels than its header promises; ARGUMENT_INVALID for a channel that the file does not have.
 */
export async function readNiftiVoxels(
  path: string,
  { channel, spacingMm }: NiftiReadOptions = {},
): Promise<NiftiVoxels> {
  const place = await niftiPlace(path, spacingMm);
  const { header } = place;
  checkChannel(place, channel);
  const everything = channel === undefined || header.channels === 1;
  const atOnce = everything && header.dataLengthBytes <= largestAtOnce && header.dataOffsetBytes <= blockBytes;
  return { header, channels: atOnce ? await voxelsAtOnce(place) : await voxelsByBlocks(place, channel) };
}

/**
 * Hands out all voxels of a NIfTI file in order, block by block and in double precision, channel after channel. The
 * array is used again for the next block. Errors as in `readNiftiVoxels`.
 */
export async function forEachNiftiBlock(path: string, take: (values: Float64Array) => void): Promise<NiftiHeader> {
  const place = await niftiPlace(path);
  const { header } = place;
  const { bytes: width } = niftiTypeFacts[header.dataType];
  await withVoxels(place, async (source) => {
    const values = new Float64Array(Math.min(blockBytes, header.dataLengthBytes) / width);
    await forEachBlock(source, place, header.dataLengthBytes, (part) => {
      decodeVoxelsInto(values, 0, part, header);
      take(values.subarray(0, part.length / width));
    });
  });
  return header;
}

/** Reads and checks the header only (of the .hdr where there is a pair). */
export async function readNiftiHeader(path: string, spacingMm?: Triple): Promise<NiftiHeader> {
  const headerPath = headerPathOf(path);
  const header = parseNiftiHeader(await readFirstBytes(headerPath, niftiHeaderBytes), headerPath, spacingMm);
  const ofPair = /\.hdr(\.gz)?$/i.test(headerPath);
  if (ofPair && header.singleFile) {
    throw invalid(headerPath, 'its header belongs to a single .nii file, not to a .hdr/.img pair');
  }
  if (!ofPair && !header.singleFile) {
    throw invalid(headerPath, 'its header belongs to a .hdr/.img pair, not to a single file');
  }
  return header;
}

/** The extensions of a file with this header (in the .hdr where there is a pair), as far as they begin in its first MiB. */
export async function readNiftiExtensions(path: string, header: NiftiHeader): Promise<NiftiExtensions> {
  const { version, littleEndian, singleFile, dataOffsetBytes } = header;
  const most = singleFile ? Math.min(dataOffsetBytes, extensionBytes) : extensionBytes;
  const bytes = await readFirstBytes(headerPathOf(path), most);
  const end = singleFile ? dataOffsetBytes : bytes.length < most ? bytes.length : Infinity;
  return niftiExtensions(bytes, { version, littleEndian, end });
}

function headerPathOf(path: string): string {
  return path.replace(/\.img(\.gz)?$/i, '.hdr$1');
}

/** The header and where its voxels stand, once the length of that file has shown that they can be there. */
async function niftiPlace(path: string, spacingMm?: Triple): Promise<NiftiPlace> {
  const header = await readNiftiHeader(path, spacingMm);
  const voxelPath = path.replace(/\.hdr(\.gz)?$/i, '.img$1');
  const promised = header.dataOffsetBytes + header.dataLengthBytes;
  const most = await mostBytesIn(voxelPath);
  if (promised > most) {
    throw invalid(voxelPath, `its header promises ${promised} bytes, but it cannot hold more than ${most}`);
  }
  return { header, path: voxelPath };
}

function checkChannel({ header, path }: NiftiPlace, channel: number | undefined): void {
  const { channels } = header;
  if (channel === undefined || (Number.isInteger(channel) && channel >= 0 && channel < channels)) return;
  const message = `${path}: channel ${channel} was asked for, but it has ${channels}`;
  throw new DomainError('ARGUMENT_INVALID', message, { path, channels });
}

async function voxelsAtOnce({ header, path }: NiftiPlace): Promise<StoredValues[]> {
  const { dataOffsetBytes: offset, dataLengthBytes: length } = header;
  const size = voxelCount(header.shape);
  const room = offset + roomOfVoxels(size * header.channels, header);
  const bytes = await readFirstBytes(path, offset + length + paddingLimit + 1, room);
  if (bytes.length < offset + length) throw cutOff({ header, path });
  checkPadding(bytes.subarray(offset + length), path);
  // Voxels must begin at a multiple of 8 bytes to be decoded; in most files they do.
  const begin = offset % 8 === 0 ? offset : 0;
  if (begin !== offset) bytes.copyWithin(begin, offset, offset + length);
  const values = valuesOfBytes(bytes.subarray(begin, begin + length), header);
  return Array.from({ length: header.channels }, (_, index) => values.subarray(index * size, (index + 1) * size));
}

async function voxelsByBlocks(place: NiftiPlace, channel: number | undefined): Promise<StoredValues[]> {
  const { header } = place;
  const size = voxelCount(header.shape);
  const { bytes: width } = niftiTypeFacts[header.dataType];
  const channels: StoredValues[] = [];
  await withVoxels(place, async (source) => {
    for (let index = 0; index < header.channels; index++) {
      const values = channel === undefined || channel === index ? valuesOfLength(size, header) : undefined;
      await forEachBlock(source, place, size * width, (part, start) => {
        if (values !== undefined) decodeVoxelsInto(values, start / width, part, header);
      });
      if (values !== undefined) channels.push(values);
    }
  });
  return channels;
}

/** Leaves the source where the voxels begin, and checks afterwards that nothing follows them. */
async function withVoxels(place: NiftiPlace, read: (source: ByteSource) => Promise<void>): Promise<void> {
  const source = await ByteSource.open(place.path);
  try {
    await forEachBlock(source, place, place.header.dataOffsetBytes, () => undefined);
    await read(source);
    const rest = new Uint8Array(paddingLimit + 1);
    checkPadding(rest.subarray(0, await source.readInto(rest)), place.path);
  } finally {
    source.close();
  }
}

/** The next `length` bytes, block by block in an array that is used again; `start` is where the block begins in them. */
async function forEachBlock(
  source: ByteSource,
  place: NiftiPlace,
  length: number,
  take: (block: Uint8Array, start: number) => void,
): Promise<void> {
  const block = new Uint8Array(Math.min(blockBytes, length));
  for (let start = 0; start < length; start += block.length) {
    const part = block.subarray(0, Math.min(block.length, length - start));
    if ((await source.readInto(part)) < part.length) throw cutOff(place);
    take(part, start);
  }
}

function checkPadding(rest: Uint8Array, path: string): void {
  if (rest.length > paddingLimit || rest.some((byte) => byte !== 0)) {
    throw invalid(path, 'it holds more data after the voxels that its header promises');
  }
}

function cutOff({ header: { dataOffsetBytes, dataLengthBytes }, path }: NiftiPlace): DomainError {
  return invalid(path, `it ends before the ${dataOffsetBytes + dataLengthBytes} bytes that its header promises`);
}

function invalid(path: string, reason: string): DomainError {
  return new DomainError('FILE_FORMAT_INVALID', `${path}: ${reason}`, { path });
}
