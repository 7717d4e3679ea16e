import type { ImageHeader } from '../../domain/formats/headers/image-header.js';
import { longestTextHeader } from '../../domain/formats/headers/header-text.js';
import { parseMetaHeader } from '../../domain/formats/headers/meta-header.js';
import { mghHeaderBytes, parseMghHeader } from '../../domain/formats/headers/mgh-header.js';
import { parseNrrdHeader } from '../../domain/formats/headers/nrrd-header.js';
import type { Triple } from '../../domain/image/grid.js';
import { asStored, inflatedSizeOf } from '../files/byte-source.js';
import { readFirstBytes } from '../files/first-bytes.js';
import { checkPromise, invalidFile, type VoxelPlace } from './voxel-data.js';

/** Formats other than NIfTI whose header and voxels are in one file. */
export const singleFileEnding = /\.(nrrd|mha|mgh|mgz)$/i;

/** Most bytes of what FreeSurfer writes after the voxels: scan parameters and tags. */
const mghTrailerBytes = 1 << 20;

export interface ImagePlace extends VoxelPlace {
  readonly header: ImageHeader;
}

/**
 * Reads and checks the header of an NRRD, MetaImage or MGH file, and finds its voxels. `spacingMm`, if given, replaces the
 * header's spacing. Throws FILE_UNREADABLE if the file cannot be opened, FILE_FORMAT_INVALID if its header is not valid or
 * it is too short for it, and FILE_TOO_LARGE.
 */
export async function imagePlace(path: string, spacingMm?: Triple): Promise<ImagePlace> {
  const place = await statedPlace(path, spacingMm);
  await checkPromise(place);
  return place;
}

async function statedPlace(path: string, spacingMm: Triple | undefined): Promise<ImagePlace> {
  if (/\.nrrd$/i.test(path)) {
    const { header, startByte, encoding } = parseNrrdHeader(await textHeaderOf(path), path, spacingMm);
    return { header, path, stretch: { startByte, encoding } };
  }
  if (/\.mha$/i.test(path)) {
    const { header, startByte, encoding, compressedBytes } = parseMetaHeader(await textHeaderOf(path), path, spacingMm);
    const { most: rest } = await inflatedSizeOf(path, { startByte, encoding: 'none' });
    if (compressedBytes !== undefined && compressedBytes !== rest) {
      throw invalidFile(path, `the header declares ${compressedBytes} compressed bytes, but ${rest} follow it`);
    }
    return { header, path, stretch: { startByte, encoding } };
  }
  const header = parseMghHeader(await readFirstBytes(path, mghHeaderBytes), path, spacingMm);
  return { header, path, trailerBytes: mghTrailerBytes };
}

async function textHeaderOf(path: string): Promise<Uint8Array> {
  return readFirstBytes(path, longestTextHeader, longestTextHeader, { stretch: asStored });
}
