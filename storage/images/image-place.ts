import { dirname, join } from 'node:path';

import type { ImageHeader } from '../../domain/formats/headers/image-header.js';
import { longestTextHeader } from '../../domain/formats/headers/header-text.js';
import { parseMetaHeader } from '../../domain/formats/headers/meta-header.js';
import { mghHeaderBytes, parseMghHeader } from '../../domain/formats/headers/mgh-header.js';
import { parseNrrdHeader } from '../../domain/formats/headers/nrrd-header.js';
import type { Triple } from '../../domain/image/grid.js';
import { asStored, inflatedSizeOf } from '../files/byte-source.js';
import { readFirstBytes } from '../files/first-bytes.js';
import { expectShortHeader } from './image-pair.js';
import { checkPromise, invalidFile, type VoxelPlace } from './voxel-data.js';

/** 3D formats other than NIfTI. */
export const nonNiftiEnding = /\.(nrrd|nhdr|mha|mhd|mgh|mgz)$/i;

/** Of these, the headers whose voxels may be in a second file. */
export const detachedEnding = /\.(nhdr|mhd)$/i;

/** Most bytes of what FreeSurfer writes after the voxels: scan parameters and tags. */
const mghTrailerBytes = 1 << 20;

export interface ImagePlace extends VoxelPlace {
  readonly header: ImageHeader;
}

/**
 * Reads and checks the header of an NRRD, MetaImage or MGH file, and finds its voxels, which .nhdr and .mhd files have in
 * another file of their folder. `spacingMm`, if given, replaces the header's spacing. Throws FILE_UNREADABLE if a file
 * cannot be opened, FILE_FORMAT_INVALID if the header is not valid or there are too few bytes for it, and FILE_TOO_LARGE.
 */
export async function imagePlace(path: string, spacingMm?: Triple): Promise<ImagePlace> {
  const place = await statedPlace(path, spacingMm);
  await checkPromise(place);
  return place;
}

async function statedPlace(path: string, spacingMm: Triple | undefined): Promise<ImagePlace> {
  if (/\.mg[hz]$/i.test(path)) {
    const header = parseMghHeader(await readFirstBytes(path, mghHeaderBytes), path, spacingMm);
    return { header, path, trailerBytes: mghTrailerBytes };
  }
  const { header, voxelPath, startByte, encoding, compressedBytes } = await textHeader(path, spacingMm);
  if (compressedBytes !== undefined) {
    const { most: rest } = await inflatedSizeOf(voxelPath, { startByte, encoding: 'none' });
    if (compressedBytes !== rest) {
      const what = `the header declares ${compressedBytes} compressed bytes, but there are ${rest}`;
      throw invalidFile(voxelPath, what);
    }
  }
  return { header, path: voxelPath, ownFile: voxelPath !== path, stretch: { startByte, encoding } };
}

interface TextHeader {
  readonly header: ImageHeader;
  readonly voxelPath: string;
  readonly startByte: number;
  readonly encoding: 'none' | 'gzip' | 'zlib';
  /** Of the voxels, if the header states it. */
  readonly compressedBytes?: number | undefined;
}

/** The header of an NRRD or MetaImage file; does not open the file of the voxels. */
export async function textHeader(path: string, spacingMm?: Triple): Promise<TextHeader> {
  const bytes = await readFirstBytes(path, longestTextHeader, longestTextHeader, { stretch: asStored });
  const isNrrd = /\.(nrrd|nhdr)$/i.test(path);
  const { voxelFile, ...found } = (isNrrd ? parseNrrdHeader : parseMetaHeader)(bytes, path, spacingMm);
  if (voxelFile !== undefined && !detachedEnding.test(path)) {
    throw invalidFile(path, `its voxels are in another file, so its name must end in ${isNrrd ? '.nhdr' : '.mhd'}`);
  }
  if (voxelFile !== undefined) await expectShortHeader(path, longestTextHeader);
  return { ...found, voxelPath: voxelFile === undefined ? path : join(dirname(path), voxelFile) };
}
