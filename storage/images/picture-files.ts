import { access, constants, readFile, stat } from 'node:fs/promises';
import sharp, { type Metadata } from 'sharp';
import { DomainError } from '../../domain/domain-error.js';
import { greyOf, opaque } from '../../domain/formats/grey.js';
import type { StoredValues } from '../../domain/image/grid.js';
import { expectOrdinary, fileError } from '../files/file-errors.js';
import { pictureKind } from './picture-kind.js';
import { tiffColourProblem } from './tiff-colours.js';

/** Largest picture that is decoded: 2²⁷ pixels, a square with sides of 11,585. */
const maximumPixels = 2 ** 27;
const maximumFileBytes = 2 ** 29;

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Bits per sample in the file. */
  readonly bits: 8 | 16;
  /** Row by row from the top, in the file's scale: 0 to 255 or 0 to 65,535. */
  readonly values: StoredValues;
}

/**
 * Reads a PNG, JPEG or TIFF as stored grey values, without applying gamma or colour profiles. Grey of fewer than 8 bits
 * is scaled to 0 to 255; colours are converted to luma (`greyOf`). Throws FILE_FORMAT_INVALID for other formats, damaged
 * or truncated files, CMYK, pixels that are not opaque, and an orientation tag that would rotate the picture (its mask
 * would not rotate with it); of TIFFs, also for several pages, signed or floating-point samples, palettes and white as 0.
 * Throws FILE_TOO_LARGE beyond 2²⁷ pixels.
 */
export async function readPicture(path: string): Promise<Picture> {
  const input = await inputOf(path);
  // No other file reaches a decoder, whatever its name: some need far more memory than the pixels, or fetch other files.
  const kind = await pictureKind(path);
  if (kind === undefined) throw invalidPicture(path, 'it does not begin as a PNG, JPEG or TIFF does');
  const isTiff = kind === 'tiff';
  if (isTiff && !tiffEnding.test(path)) throw invalidPicture(path, 'it is a TIFF, but its name does not end in .tif');
  const limits = { limitInputPixels: maximumPixels, failOn: 'warning', ignoreIcc: true } as const;
  try {
    const metadata = await sharp(input, { ...limits, limitInputPixels: false }).metadata();
    const refused = refusal(metadata);
    if (refused !== undefined) throw new DomainError(refused.code, `${path}: ${refused.reason}`, { path });
    const colourProblem = isTiff ? await tiffColourProblem(path) : undefined;
    if (colourProblem !== undefined) throw invalidPicture(path, colourProblem);
    const deep = metadata.depth === 'ushort';
    const colour = metadata.channels > 2;
    const space = deep ? (colour ? 'rgb16' : 'grey16') : colour ? 'srgb' : 'b-w';
    const picture = sharp(input, limits).pipelineColourspace(space).toColourspace(space);
    // A fourth channel gives 8-bit colours enough memory for the grey values that replace them.
    const { data, info } = await (colour && !deep ? picture.ensureAlpha() : picture)
      .raw({ depth: deep ? 'ushort' : 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const samples = samplesOf(data, deep);
    if (!opaque(samples, info.channels, deep ? 65_535 : 255)) {
      throw new DomainError('FILE_FORMAT_INVALID', `${path}: the picture has transparent pixels`, { path });
    }
    return { width: info.width, height: info.height, bits: deep ? 16 : 8, values: greyOf(samples, info.channels) };
  } catch (error) {
    if (error instanceof DomainError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new DomainError('FILE_FORMAT_INVALID', `${path}: cannot decode the picture (${reason})`, { path });
  }
}

const tiffEnding = /\.tiff?$/i;

function invalidPicture(path: string, reason: string): DomainError {
  return new DomainError('FILE_FORMAT_INVALID', `${path}: ${reason}`, { path });
}

// A file may have changed since it was last read by the same path.
sharp.cache(false);

/**
 * The input for sharp. A path keeps the compressed picture out of memory. If the path has brackets, which libvips parses
 * as options, the bytes are passed instead.
 */
async function inputOf(path: string): Promise<string | Buffer> {
  try {
    const found = await stat(path);
    expectOrdinary(path, found);
    const { size } = found;
    if (size > maximumFileBytes) {
      throw new DomainError('FILE_TOO_LARGE', `${path}: the file has ${size} bytes; the limit is ${maximumFileBytes}`, {
        path,
      });
    }
    if (size === 0) throw new DomainError('FILE_FORMAT_INVALID', `${path}: the file is empty`, { path });
    if (/[[\]]/.test(path)) return await readFile(path);
    await access(path, constants.R_OK);
    return path;
  } catch (error) {
    throw fileError(path, error);
  }
}

/** The samples in an aligned buffer that `greyOf` may overwrite. */
function samplesOf({ buffer, byteOffset, byteLength }: Buffer, deep: boolean): Uint8Array | Uint16Array {
  const aligned = byteOffset % 4 === 0;
  const own = aligned ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
  const offset = aligned ? byteOffset : 0;
  return deep ? new Uint16Array(own, offset, byteLength / 2) : new Uint8Array(own, offset, byteLength);
}

function refusal(metadata: Metadata): { code: 'FILE_FORMAT_INVALID' | 'FILE_TOO_LARGE'; reason: string } | undefined {
  const { width, height, space, depth, orientation, pages = 1 } = metadata;
  const invalid = (reason: string) => ({ code: 'FILE_FORMAT_INVALID', reason }) as const;
  if (width * height > maximumPixels) {
    return {
      code: 'FILE_TOO_LARGE',
      reason: `the picture has ${width}×${height} pixels; the limit is ${maximumPixels}`,
    };
  }
  if (pages !== 1) return invalid(`it has ${pages} pages; expected one picture`);
  if (space === 'cmyk') return invalid('unsupported colour space CMYK; expected grey or RGB');
  if (depth !== 'uchar' && depth !== 'ushort')
    return invalid(`unsupported sample type ${depth}; expected 8 or 16 bits`);
  if (orientation !== undefined && orientation !== 1) {
    return invalid(`the picture is stored rotated (EXIF orientation ${orientation}); save it upright`);
  }
  return undefined;
}

/** Encodes a grey PNG from rows, top first: 8 bits per pixel for a Uint8Array, 16 for a Uint16Array. */
export async function encodePng(picture: {
  readonly width: number;
  readonly height: number;
  readonly values: Uint8Array | Uint16Array;
}): Promise<Uint8Array> {
  const { width, height, values } = picture;
  if (values.length !== width * height) {
    throw new DomainError('IMAGE_SHAPE_MISMATCH', `got ${values.length} values for ${width}×${height} pixels`);
  }
  const space = values instanceof Uint16Array ? 'grey16' : 'b-w';
  return sharp(values, { raw: { width, height, channels: 1 } })
    .pipelineColourspace(space)
    .toColourspace(space)
    .png({ compressionLevel: 9, adaptiveFiltering: false })
    .toBuffer();
}
