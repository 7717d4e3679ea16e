import { DomainError } from '../domain/domain-error.js';
import { niftiHeaderBytes, parseNiftiHeader, type NiftiHeader } from '../domain/formats/nifti-header.js';
import { niftiTypeFacts } from '../domain/formats/nifti-types.js';
import { decodeVoxelsInto } from '../domain/formats/nifti-values.js';
import { voxelCount, type Triple } from '../domain/image/grid.js';
import { ByteSource } from './byte-source.js';

/** Voxels are decoded in blocks of this size, so that neither memory nor the event loop holds a whole file at once. */
const blockBytes = 1 << 20;

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
  readonly channels: readonly Float32Array[];
}

/**
 * Reads a NIfTI file (.nii, or .hdr with its .img; any of them may be gzipped) in one pass, block by block. `channel`
 * chooses one entry of the fourth axis; without it all are read.
 *
 * Every file is read to its end: only then has gzip's own checksum been verified. FILE_UNREADABLE if it cannot be
 * opened; FILE_FORMAT_INVALID if the header is refused, the compressed data are damaged, or the file holds fewer or
 * more voxels than its header promises; ARGUMENT_INVALID for a channel that the file does not have.
 */
export async function readNiftiVoxels(path: string, options: NiftiReadOptions = {}): Promise<NiftiVoxels> {
  const channels: Float32Array[] = [];
  const header = await readNifti(path, options, async (source, { header, path: voxelPath }) => {
    channels.push(...(await readVoxels(source, { header, path: voxelPath, channel: options.channel })));
  });
  return { header, channels };
}

/**
 * Hands out all voxels of a NIfTI file in order, block by block and in double precision, channel after channel. The
 * array is used again for the next block. Errors as in `readNiftiVoxels`.
 */
export async function forEachNiftiBlock(path: string, take: (values: Float64Array) => void): Promise<NiftiHeader> {
  return readNifti(path, {}, async (source, { header, path: voxelPath }) => {
    checkPromise(source, header, voxelPath);
    const { bytes: width } = niftiTypeFacts[header.dataType];
    const block = new Uint8Array(Math.min(blockBytes, header.dataLengthBytes));
    const values = new Float64Array(block.length / width);
    for (let start = 0; start < header.dataLengthBytes; start += block.length) {
      const part = block.subarray(0, Math.min(block.length, header.dataLengthBytes - start));
      if ((await source.readInto(part)) < part.length) throw cutOff(voxelPath, header);
      decodeVoxelsInto(values, 0, part, header);
      take(values.subarray(0, part.length / width));
    }
    await expectEnd(source, voxelPath);
  });
}

/** Checks the header and leaves the source where the voxels begin. */
async function readNifti(
  path: string,
  { spacingMm }: NiftiReadOptions,
  read: (source: ByteSource, place: { readonly header: NiftiHeader; readonly path: string }) => Promise<void>,
): Promise<NiftiHeader> {
  const pair = /^(.*)\.(?:hdr|img)(\.gz)?$/i.exec(path);
  if (pair === null) {
    return withSource(path, async (source) => {
      const header = await readHeader(source, path, spacingMm);
      if (!header.singleFile) throw invalid(path, 'its header belongs to a .hdr/.img pair, not to a single file');
      await read(source, { header, path });
      return header;
    });
  }
  const [, stem = '', zipped = ''] = pair;
  const header = await readNiftiHeader(path, spacingMm);
  const voxelPath = `${stem}.img${zipped}`;
  await withSource(voxelPath, async (source) => {
    await skip(source, header.dataOffsetBytes);
    await read(source, { header, path: voxelPath });
  });
  return header;
}

/** Reads and checks the header only (of the .hdr where there is a pair). */
export async function readNiftiHeader(path: string, spacingMm?: Triple): Promise<NiftiHeader> {
  const headerPath = path.replace(/\.img(\.gz)?$/i, '.hdr$1');
  const header = await withSource(headerPath, (source) => readHeader(source, headerPath, spacingMm));
  if (/\.hdr(\.gz)?$/i.test(headerPath) && header.singleFile) {
    throw invalid(headerPath, 'its header belongs to a single .nii file, not to a .hdr/.img pair');
  }
  return header;
}

async function withSource<T>(path: string, read: (source: ByteSource) => Promise<T>): Promise<T> {
  const source = await ByteSource.open(path);
  try {
    return await read(source);
  } finally {
    source.close();
  }
}

function invalid(path: string, reason: string): DomainError {
  return new DomainError('FILE_FORMAT_INVALID', `${path}: ${reason}`, { path });
}

/** Leaves the source where the voxels of a single file begin. */
async function readHeader(source: ByteSource, path: string, spacingMm: Triple | undefined): Promise<NiftiHeader> {
  const bytes = new Uint8Array(niftiHeaderBytes);
  const read = bytes.subarray(0, await source.readInto(bytes));
  const header = parseNiftiHeader(read, path, spacingMm);
  if (!header.singleFile) return header;
  checkPromise(source, header, path);
  source.unread(read.subarray(Math.min(header.dataOffsetBytes, read.length)));
  await skip(source, header.dataOffsetBytes - read.length);
  return header;
}

function checkPromise(source: ByteSource, header: NiftiHeader, path: string): void {
  const promised = header.dataOffsetBytes + header.dataLengthBytes;
  if (promised > source.mostBytes) {
    throw invalid(path, `its header promises ${promised} bytes, but it cannot hold more than ${source.mostBytes}`);
  }
}

interface VoxelRequest {
  readonly header: NiftiHeader;
  readonly path: string;
  readonly channel: number | undefined;
}

async function readVoxels(source: ByteSource, { header, path, channel }: VoxelRequest): Promise<Float32Array[]> {
  if (channel !== undefined && !(Number.isInteger(channel) && channel >= 0 && channel < header.channels)) {
    throw new DomainError(
      'ARGUMENT_INVALID',
      `${path}: channel ${channel} was asked for, but it has ${header.channels}`,
      {
        path,
        channels: header.channels,
      },
    );
  }
  checkPromise(source, header, path);
  const size = voxelCount(header.shape);
  const bytesPerChannel = size * niftiTypeFacts[header.dataType].bytes;
  const channels: Float32Array[] = [];
  for (let index = 0; index < header.channels; index++) {
    if (channel === undefined || channel === index) {
      const values = new Float32Array(size);
      await readChannelInto(values, source, { header, path });
      channels.push(values);
    } else if ((await skip(source, bytesPerChannel)) < bytesPerChannel) throw cutOff(path, header);
  }
  await expectEnd(source, path);
  return channels;
}

async function readChannelInto(
  values: Float32Array,
  source: ByteSource,
  { header, path }: Pick<VoxelRequest, 'header' | 'path'>,
): Promise<void> {
  const { bytes: width } = niftiTypeFacts[header.dataType];
  const block = new Uint8Array(Math.min(blockBytes, values.length * width));
  const voxelsPerBlock = block.length / width;
  for (let start = 0; start < values.length; start += voxelsPerBlock) {
    const part = block.subarray(0, Math.min(voxelsPerBlock, values.length - start) * width);
    if ((await source.readInto(part)) < part.length) throw cutOff(path, header);
    decodeVoxelsInto(values, start, part, header);
  }
}

function cutOff(path: string, { dataOffsetBytes, dataLengthBytes }: NiftiHeader): DomainError {
  return invalid(path, `it ends before the ${dataOffsetBytes + dataLengthBytes} bytes that its header promises`);
}

/** The number of bytes skipped: fewer than asked for only at the end. */
async function skip(source: ByteSource, count: number): Promise<number> {
  const block = new Uint8Array(Math.max(0, Math.min(blockBytes, count)));
  let skipped = 0;
  while (skipped < count) {
    const read = await source.readInto(block.subarray(0, Math.min(block.length, count - skipped)));
    if (read === 0) break;
    skipped += read;
  }
  return skipped;
}

async function expectEnd(source: ByteSource, path: string): Promise<void> {
  const rest = new Uint8Array(paddingLimit + 1);
  const count = await source.readInto(rest);
  if (count > paddingLimit || rest.subarray(0, count).some((byte) => byte !== 0)) {
    throw invalid(path, 'it holds more data after the voxels that its header promises');
  }
}
