import { DomainError } from '../../domain/domain-error.js';
import type { VoxelHeader } from '../../domain/formats/headers/image-header.js';
import { niftiTypeFacts } from '../../domain/formats/nifti-types.js';
import { decodeVoxelsInto, roomOfVoxels, valuesOfBytes, valuesOfLength } from '../../domain/formats/nifti-values.js';
import { notFormat, recognisableBytes } from '../../domain/formats/recognise.js';
import { voxelCount, type StoredValues } from '../../domain/image/grid.js';
import { ByteSource, inflatedSizeOf, type Stretch } from '../files/byte-source.js';
import { readFirstBytes } from '../files/first-bytes.js';
import type { SeenFiles } from '../files/seen-bytes.js';

/** Block size for voxels that are not read in one piece. */
const blockBytes = 1 << 20;

/** Files with more voxel data are read in blocks: zlib cannot fill an array of 4 GiB in one piece. */
const largestAtOnce = 1 << 30;

/** Number of zero bytes allowed after the voxels: some writers pad their last block. */
const paddingLimit = 4096;

const surplus = 'unexpected data after the voxels that the header declares';

/** A checked header, and where the voxels are that it describes. */
export interface VoxelPlace {
  readonly header: VoxelHeader;
  readonly path: string;
  /** Whether the header is in another file. */
  readonly ownFile?: boolean;
  /** The part of the file whose bytes the header's offset counts; by default the whole file. */
  readonly stretch?: Stretch;
  /** Is told what is read of the file. */
  readonly seen?: SeenFiles | undefined;
  /** Most bytes of a trailer, of any content, after the voxels; by default only padding may follow them. */
  readonly trailerBytes?: number;
}

/**
 * Throws FILE_FORMAT_INVALID if the file is too short or too long for what its header declares, before memory is reserved
 * or a byte of the voxels is read.
 */
export async function checkPromise(place: VoxelPlace): Promise<void> {
  const { header, path, stretch } = place;
  const promised = header.dataOffsetBytes + header.dataLengthBytes;
  const { least, most } = await inflatedSizeOf(path, stretch);
  const problem =
    promised > most
      ? `the header declares ${promised} bytes, but the file holds at most ${most}`
      : least > promised + restLimit(place)
        ? surplus
        : undefined;
  if (problem === undefined) return;
  // A pointer or a web page may lie in the place of the voxels that a header beside it describes.
  const found = place.ownFile === true ? await readFirstBytes(path, recognisableBytes) : new Uint8Array(0);
  throw invalidFile(path, notFormat('what the header describes', found) ?? problem);
}

/**
 * Reads the voxels of all channels, or of one, each with one value per voxel of the grid. Memory holds the voxels once:
 * they are inflated in place. A selected channel, interleaved channels or a very large file are decoded block by block.
 *
 * Every file is read to its end, because only then is its checksum verified. Throws FILE_UNREADABLE if the file cannot be
 * opened; FILE_FORMAT_INVALID if the compressed data are damaged, or the file has fewer or more voxels than its header
 * declares; ARGUMENT_INVALID if it lacks the channel.
 */
export async function readVoxels(place: VoxelPlace, channel?: number): Promise<StoredValues[]> {
  const { header } = place;
  checkChannel(place, channel);
  if (header.channels > 1 && header.interleaved === true) return interleavedVoxels(place, channel);
  const everything = channel === undefined || header.channels === 1;
  const atOnce = everything && header.dataLengthBytes <= largestAtOnce && header.dataOffsetBytes <= blockBytes;
  return atOnce ? voxelsAtOnce(place) : voxelsByBlocks(place, channel);
}

/**
 * Passes all voxels to `take` in the file's order, in blocks of double precision. The next block reuses the array. Throws
 * the same errors as `readVoxels`.
 */
export async function eachVoxelBlock(place: VoxelPlace, take: (values: Float64Array) => void): Promise<void> {
  const { header } = place;
  const { bytes: width } = niftiTypeFacts[header.dataType];
  await withVoxels(place, async (source) => {
    const values = new Float64Array(Math.min(blockBytes, header.dataLengthBytes) / width);
    await forEachBlock(source, place, header.dataLengthBytes, (part) => {
      decodeVoxelsInto(values, 0, part, header);
      take(values.subarray(0, part.length / width));
    });
  });
}

function checkChannel({ header, path }: VoxelPlace, channel: number | undefined): void {
  const { channels } = header;
  if (channel === undefined || (Number.isInteger(channel) && channel >= 0 && channel < channels)) return;
  const message = `${path}: channel ${channel} requested, but the file has ${channels}`;
  throw new DomainError('ARGUMENT_INVALID', message, { path, channels });
}

async function voxelsAtOnce(place: VoxelPlace): Promise<StoredValues[]> {
  const { header, path, stretch, seen } = place;
  const { dataOffsetBytes: offset, dataLengthBytes: length } = header;
  const size = voxelCount(header.shape);
  const room = offset + roomOfVoxels(size * header.channels, header);
  const bytes = await readFirstBytes(path, offset + length + restLimit(place) + 1, room, {
    stretch,
    seen: seen?.begin(path),
  });
  if (bytes.length < offset + length) throw cutOff(place);
  checkRest(bytes.subarray(offset + length), place);
  // Decoding needs voxels that begin at a multiple of 8 bytes. In most files they do.
  const begin = offset % 8 === 0 ? offset : 0;
  if (begin !== offset) bytes.copyWithin(begin, offset, offset + length);
  const values = valuesOfBytes(bytes.subarray(begin, begin + length), header);
  return Array.from({ length: header.channels }, (_, index) => values.subarray(index * size, (index + 1) * size));
}

async function voxelsByBlocks(place: VoxelPlace, channel: number | undefined): Promise<StoredValues[]> {
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

/** Sorts voxels whose channels are adjacent into one array for each channel. */
async function interleavedVoxels(place: VoxelPlace, channel: number | undefined): Promise<StoredValues[]> {
  const { header } = place;
  const { channels: count } = header;
  const wanted = channel === undefined ? Array.from({ length: count }, (_, index) => index) : [channel];
  const found = wanted.map(() => valuesOfLength(voxelCount(header.shape), header));
  let read = 0; // values so far, over all channels
  await eachVoxelBlock(place, (block) => {
    wanted.forEach((own, index) => {
      const values = found[index];
      if (values === undefined) return;
      const first = (((own - read) % count) + count) % count;
      let voxel = (read + first - own) / count;
      for (let at = first; at < block.length; at += count) values[voxel++] = block[at] as number; // in range
    });
    read += block.length;
  });
  return found;
}

/** Skips to the voxels, calls `read`, then checks that nothing but padding follows them. */
async function withVoxels(place: VoxelPlace, read: (source: ByteSource) => Promise<void>): Promise<void> {
  const source = await ByteSource.open(place.path, place.stretch, place.seen?.begin(place.path));
  try {
    await forEachBlock(source, place, place.header.dataOffsetBytes, () => undefined);
    await read(source);
    const rest = new Uint8Array(restLimit(place) + 1);
    checkRest(rest.subarray(0, await source.readInto(rest)), place);
  } finally {
    source.close();
  }
}

/** Passes the next `length` bytes to `take` in blocks; the array is reused. `start` is the block's offset in these bytes. */
async function forEachBlock(
  source: ByteSource,
  place: VoxelPlace,
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

function restLimit({ trailerBytes }: VoxelPlace): number {
  return trailerBytes ?? paddingLimit;
}

function checkRest(rest: Uint8Array, place: VoxelPlace): void {
  const isTrailer = place.trailerBytes !== undefined;
  if (rest.length > restLimit(place) || (!isTrailer && rest.some((byte) => byte !== 0))) {
    throw invalidFile(place.path, surplus);
  }
}

function cutOff({ header: { dataOffsetBytes, dataLengthBytes }, path }: VoxelPlace): DomainError {
  return invalidFile(
    path,
    `the file ends before the ${dataOffsetBytes + dataLengthBytes} bytes that the header declares`,
  );
}

export function invalidFile(path: string, reason: string): DomainError {
  return new DomainError('FILE_FORMAT_INVALID', `${path}: ${reason}`, { path });
}
