import { DomainError } from '../../domain/domain-error.js';
import { niftiExtensions, type NiftiExtensions } from '../../domain/formats/nifti-extensions.js';
import { niftiHeaderBytes, parseNiftiHeader, type NiftiHeader } from '../../domain/formats/nifti-header.js';
import { niftiTypeFacts } from '../../domain/formats/nifti-types.js';
import { decodeVoxelsInto, roomOfVoxels, valuesOfBytes, valuesOfLength } from '../../domain/formats/nifti-values.js';
import { voxelCount, type StoredValues, type Triple } from '../../domain/image/grid.js';
import { ByteSource, inflatedSizeOf } from '../files/byte-source.js';
import { readFirstBytes } from '../files/first-bytes.js';
import { headerPathOf, voxelPathOf } from './image-pair.js';

/** Block size for voxels that are not read in one piece. */
const blockBytes = 1 << 20;

/** Files with more voxel data are read in blocks: zlib cannot fill an array of 4 GiB in one piece. */
const largestAtOnce = 1 << 30;

/** Only this many bytes at the start of a file are searched for extensions. */
const extensionBytes = 1 << 20;

/** Number of zero bytes allowed after the voxels: some writers pad their last block. */
const paddingLimit = 4096;

const surplus = 'unexpected data after the voxels that the header declares';

export interface NiftiReadOptions {
  /** Reads only this entry of the fourth axis, counted from 0. */
  readonly channel?: number;
  /** Replaces the header's spacing. */
  readonly spacingMm?: Triple;
}

export interface NiftiVoxels {
  readonly header: NiftiHeader;
  /** The requested channels in order, each with one value per voxel of the grid. */
  readonly channels: readonly StoredValues[];
}

/** A validated header and the file that contains its voxels. */
interface NiftiPlace {
  readonly header: NiftiHeader;
  readonly path: string;
}

/**
 * Reads a NIfTI file (.nii, or .hdr with its .img; each may be gzipped). `channel` selects one entry of the fourth axis;
 * by default all are read. Memory holds the voxels once: they are inflated in place. A selected channel or a very large
 * file is decoded block by block.
 *
 * Every file is read to its end, because only then is gzip's checksum verified. Throws FILE_UNREADABLE if the file
 * cannot be opened; FILE_FORMAT_INVALID if the header is invalid, the compressed data are damaged, or the file has fewer
 * or more voxels than its header declares; ARGUMENT_INVALID if the file lacks the channel.
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
 * Passes all voxels of a NIfTI file to `take` in order, channel by channel, in blocks of double precision. The next block
 * reuses the array. Throws the same errors as `readNiftiVoxels`.
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

/** Reads and validates only the header (from the .hdr of a pair). */
export async function readNiftiHeader(path: string, spacingMm?: Triple): Promise<NiftiHeader> {
  const headerPath = headerPathOf(path);
  const header = parseNiftiHeader(await readFirstBytes(headerPath, niftiHeaderBytes), headerPath, spacingMm);
  const ofPair = /\.hdr(\.gz)?$/i.test(headerPath);
  if (ofPair && header.singleFile) {
    throw invalid(headerPath, 'the header belongs to a single .nii file, not to a .hdr/.img pair');
  }
  if (!ofPair && !header.singleFile) {
    throw invalid(headerPath, 'the header belongs to a .hdr/.img pair, not to a single file');
  }
  return header;
}

/**
 * Throws what reading the file would throw for its header and size alone, whatever spacing is given to it. Reads no
 * voxels.
 */
export async function checkNiftiSize(path: string): Promise<void> {
  await niftiPlace(path, [1, 1, 1]);
}

/** Reads the extensions that begin in the first MiB of a file with this header (of the .hdr of a pair). */
export async function readNiftiExtensions(path: string, header: NiftiHeader): Promise<NiftiExtensions> {
  const { version, littleEndian, singleFile, dataOffsetBytes } = header;
  const most = singleFile ? Math.min(dataOffsetBytes, extensionBytes) : extensionBytes;
  const bytes = await readFirstBytes(headerPathOf(path), most);
  const end = singleFile ? dataOffsetBytes : bytes.length < most ? bytes.length : Infinity;
  return niftiExtensions(bytes, { version, littleEndian, end });
}

/** Returns the header and the voxel file after checking that this file is long enough. */
async function niftiPlace(path: string, spacingMm?: Triple): Promise<NiftiPlace> {
  const header = await readNiftiHeader(path, spacingMm);
  const voxelPath = voxelPathOf(path);
  const promised = header.dataOffsetBytes + header.dataLengthBytes;
  const { least, most } = await inflatedSizeOf(voxelPath);
  if (promised > most) {
    throw invalid(voxelPath, `the header declares ${promised} bytes, but the file holds at most ${most}`);
  }
  if (least > promised + paddingLimit) throw invalid(voxelPath, surplus);
  return { header, path: voxelPath };
}

function checkChannel({ header, path }: NiftiPlace, channel: number | undefined): void {
  const { channels } = header;
  if (channel === undefined || (Number.isInteger(channel) && channel >= 0 && channel < channels)) return;
  const message = `${path}: channel ${channel} requested, but the file has ${channels}`;
  throw new DomainError('ARGUMENT_INVALID', message, { path, channels });
}

async function voxelsAtOnce({ header, path }: NiftiPlace): Promise<StoredValues[]> {
  const { dataOffsetBytes: offset, dataLengthBytes: length } = header;
  const size = voxelCount(header.shape);
  const room = offset + roomOfVoxels(size * header.channels, header);
  const bytes = await readFirstBytes(path, offset + length + paddingLimit + 1, room);
  if (bytes.length < offset + length) throw cutOff({ header, path });
  checkPadding(bytes.subarray(offset + length), path);
  // Decoding needs voxels that begin at a multiple of 8 bytes. In most files they do.
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

/** Skips to the voxels, calls `read`, then checks that nothing but padding follows them. */
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

/** Passes the next `length` bytes to `take` in blocks; the array is reused. `start` is the block's offset in these bytes. */
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
    throw invalid(path, surplus);
  }
}

function cutOff({ header: { dataOffsetBytes, dataLengthBytes }, path }: NiftiPlace): DomainError {
  return invalid(path, `the file ends before the ${dataOffsetBytes + dataLengthBytes} bytes that the header declares`);
}

function invalid(path: string, reason: string): DomainError {
  return new DomainError('FILE_FORMAT_INVALID', `${path}: ${reason}`, { path });
}
