import { niftiExtensions, type NiftiExtensions } from '../../domain/formats/nifti-extensions.js';
import { niftiHeaderBytes, parseNiftiHeader, type NiftiHeader } from '../../domain/formats/nifti-header.js';
import type { StoredValues, Triple } from '../../domain/image/grid.js';
import { readFirstBytes } from '../files/first-bytes.js';
import type { SeenFiles } from '../files/seen-bytes.js';
import { expectShortHeader, headerPathOf, voxelPathOf } from './image-pair.js';
import { checkPromise, eachVoxelBlock, invalidFile as invalid, readVoxels, type VoxelPlace } from './voxel-data.js';

/** Only this many bytes at the start of a file are searched for extensions. */
const extensionBytes = 1 << 20;

const pairHeader = /\.hdr(\.gz)?$/i;

/** Most bytes of the header file of a pair: header and extensions. */
const longestPairHeader = 1 << 26;

export interface NiftiReadOptions {
  /** Reads only this entry of the fourth axis, counted from 0. */
  readonly channel?: number;
  /** The same for files that have several images; others are read whole. */
  readonly volume?: number | undefined;
  /** Replaces the header's spacing. */
  readonly spacingMm?: Triple;
  /** Is told what is read of the voxels' file. */
  readonly seen?: SeenFiles;
}

export interface NiftiVoxels {
  readonly header: NiftiHeader;
  /** The requested channels in order, each with one value per voxel of the grid. */
  readonly channels: readonly StoredValues[];
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
  { channel, volume, spacingMm, seen }: NiftiReadOptions = {},
): Promise<NiftiVoxels> {
  const place = await niftiPlace(path, spacingMm);
  const { header } = place;
  return { header, channels: await readVoxels({ ...place, seen }, selected(header, { channel, volume })) };
}

/** The channel to read of a file with this header; undefined for all. */
export function selected(
  { channels }: { readonly channels: number },
  { channel, volume }: Pick<NiftiReadOptions, 'volume'> & { readonly channel?: number | undefined },
): number | undefined {
  return channel ?? (channels > 1 ? volume : undefined);
}

/**
 * Passes all voxels of a NIfTI file to `take` in order, channel by channel, in blocks of double precision. The next block
 * reuses the array. Throws the same errors as `readNiftiVoxels`.
 */
export async function forEachNiftiBlock(path: string, take: (values: Float64Array) => void): Promise<NiftiHeader> {
  const place = await niftiPlace(path);
  await eachVoxelBlock(place, take);
  return place.header;
}

/** Reads and validates only the header (from the .hdr of a pair). */
export async function readNiftiHeader(path: string, spacingMm?: Triple): Promise<NiftiHeader> {
  const headerPath = headerPathOf(path);
  if (pairHeader.test(headerPath)) await expectShortHeader(headerPath, longestPairHeader);
  const header = parseNiftiHeader(await readFirstBytes(headerPath, niftiHeaderBytes), headerPath, spacingMm);
  const ofPair = pairHeader.test(headerPath);
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
async function niftiPlace(path: string, spacingMm?: Triple): Promise<VoxelPlace & { readonly header: NiftiHeader }> {
  const header = await readNiftiHeader(path, spacingMm);
  const place = { header, path: voxelPathOf(path), ownFile: !header.singleFile };
  await checkPromise(place);
  return place;
}
