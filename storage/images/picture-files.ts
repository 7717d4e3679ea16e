import { readFile } from 'node:fs/promises';
import sharp, { type Metadata } from 'sharp';
import { DomainError } from '../../domain/domain-error.js';
import { coloured, greyOf, opaque } from '../../domain/formats/grey.js';
import { animationFrames, chunksWithinBytes, paletteIsOutOfOrder } from '../../domain/formats/png-chunks.js';
import type { StoredValues } from '../../domain/image/grid.js';
import { readFirstBytes } from '../files/first-bytes.js';
import type { SeenFiles } from '../files/seen-bytes.js';
import { pictureFormat, tiffEnding, type PictureFormat } from './picture-format.js';
import { checkPictureSize } from './picture-size.js';
import { tiffColourProblem } from './tiff-colours.js';

/** Largest picture that is decoded: 2²⁷ pixels, a square with sides of 11,585. */
const maximumPixels = 2 ** 27;

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Bits per sample in the file. */
  readonly bits: 8 | 16;
  /** Row by row from the top, in the file's scale: 0 to 255 or 0 to 65,535. */
  readonly values: StoredValues;
  /** What a user should know about how the file was read, phrased to follow its name. */
  readonly remarks: readonly string[];
}

/**
 * Reads a PNG, JPEG or TIFF as stored grey values, without applying gamma or colour profiles. Grey of fewer than 8 bits
 * is scaled to 0 to 255; colours are converted to luma (`greyOf`). Throws FILE_FORMAT_INVALID for other formats, damaged
 * or truncated files, animations, CMYK, pixels that are not opaque (also grey ones), and an orientation tag that would
 * rotate the picture (its mask would not rotate with it); of TIFFs, also for several pages, signed or floating-point
 * samples, palettes and white as 0. Throws FILE_TOO_LARGE beyond 2²⁷ pixels.
 */
export async function readPicture(path: string, seen?: SeenFiles): Promise<Picture> {
  const input = await inputOf(path, seen);
  const format = await pictureFormat(path);
  const limits = { limitInputPixels: maximumPixels, failOn: 'warning', ignoreIcc: true } as const;
  try {
    const metadata = await sharp(input, { ...limits, limitInputPixels: false }).metadata();
    const refused = refusal(metadata);
    if (refused !== undefined) throw new DomainError(refused.code, `${path}: ${refused.reason}`, { path });
    const problem = await problemOf(path, format);
    if (problem !== undefined) throw new DomainError('FILE_FORMAT_INVALID', `${path}: ${problem}`, { path });
    const deep = metadata.depth === 'ushort';
    // Grey with alpha counts as colour, because libvips would drop the alpha of grey before it can be checked.
    const colour = metadata.channels > 1;
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
    const hasColours = coloured(samples, info.channels);
    const remarks = await remarksOn(path, { format, isPalette: metadata.isPalette, hasColours });
    const values = greyOf(samples, info.channels);
    return { width: info.width, height: info.height, bits: deep ? 16 : 8, values, remarks };
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw undecodable(path, error);
  }
}

/** Width and height, from the header alone. Errors as in `readPicture`, but for those of pixels. */
export async function pictureShape(path: string): Promise<[width: number, height: number]> {
  const { width, height } = await headerOf(path);
  return [width, height];
}

/** Bits per sample, from the header alone: 8 also for fewer. Errors as in `pictureShape`. */
export async function pictureBits(path: string): Promise<Picture['bits']> {
  return (await headerOf(path)).depth === 'ushort' ? 16 : 8;
}

async function headerOf(path: string): Promise<Metadata> {
  const input = await inputOf(path, undefined);
  await pictureFormat(path);
  try {
    return await sharp(input, { limitInputPixels: false }).metadata();
  } catch (error) {
    throw undecodable(path, error);
  }
}

// A file may have changed since it was last read by the same path.
sharp.cache(false);
// Decoders that no user's file is for: some need far more memory than the pixels, or fetch other files. Figures are drawn
// as SVG in memory, which `pictureFormat` keeps users' files from.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadPng', 'VipsForeignLoadJpeg', 'VipsForeignLoadTiff', 'VipsForeignLoadSvgBuffer'],
});

/** What the decoder would not notice, or undefined. */
async function problemOf(path: string, format: PictureFormat): Promise<string | undefined> {
  if (format === 'tiff') return tiffColourProblem(path);
  const frames = format === 'png' ? animationFrames(await readFirstBytes(path, chunksWithinBytes)) : undefined;
  return frames === undefined ? undefined : `it is an animation (APNG) of ${frames} frames; expected one picture`;
}

async function remarksOn(
  path: string,
  {
    format,
    isPalette,
    hasColours,
  }: { readonly format: PictureFormat; readonly isPalette: boolean; readonly hasColours: boolean },
): Promise<string[]> {
  const remarks: string[] = [];
  const { ending, words } = kinds[format];
  if (!ending.test(path)) remarks.push(`it is ${words}, although its name ends differently`);
  if (hasColours) remarks.push('it has colours, of which only the brightness (0.299 R + 0.587 G + 0.114 B) is read');
  if (isPalette && paletteIsOutOfOrder(await readFirstBytes(path, chunksWithinBytes))) {
    remarks.push(
      'its palette is not in the order of brightness; the brightness of the colours is read, not their index, so a mask may be inverted',
    );
  }
  return remarks;
}

const kinds: Readonly<Record<PictureFormat, { readonly ending: RegExp; readonly words: string }>> = {
  png: { ending: /\.png$/i, words: 'a PNG' },
  jpeg: { ending: /\.jpe?g$/i, words: 'a JPEG, whose values are not exact' },
  tiff: { ending: tiffEnding, words: 'a TIFF' },
};

function undecodable(path: string, error: unknown): DomainError {
  // libvips puts each of its warnings on a line of its own.
  const reason = (error instanceof Error ? error.message : String(error)).trim().replace(/\s*\n\s*/g, '; ');
  return new DomainError('FILE_FORMAT_INVALID', `${path}: cannot decode the picture (${reason})`, { path });
}

/**
 * The input for sharp. A path keeps the compressed picture out of memory. The bytes are passed instead if `seen` is to be
 * told them, or if the path has brackets, which libvips parses as options.
 */
async function inputOf(path: string, seen: SeenFiles | undefined): Promise<string | Buffer> {
  await checkPictureSize(path);
  if (seen === undefined && !/[[\]]/.test(path)) return path;
  const bytes = await readFile(path);
  seen?.begin(path).add(bytes);
  return bytes;
}

/** The samples in an aligned buffer that `greyOf` may overwrite. */
function samplesOf({ buffer, byteOffset, byteLength }: Buffer, deep: boolean): Uint8Array | Uint16Array {
  const aligned = byteOffset % 4 === 0;
  const own = aligned ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
  const offset = aligned ? byteOffset : 0;
  return deep ? new Uint16Array(own, offset, byteLength / 2) : new Uint8Array(own, offset, byteLength);
}

function refusal(metadata: Metadata): { code: 'FILE_FORMAT_INVALID' | 'FILE_TOO_LARGE'; reason: string } | undefined {
  const { width, height, space, channels, depth, orientation, pages = 1 } = metadata;
  const invalid = (reason: string) => ({ code: 'FILE_FORMAT_INVALID', reason }) as const;
  if (width * height > maximumPixels) {
    return {
      code: 'FILE_TOO_LARGE',
      reason: `the picture has ${width}×${height} pixels; the limit is ${maximumPixels}`,
    };
  }
  if (pages !== 1) return invalid(`it has ${pages} pages; expected one picture`);
  if (space === 'cmyk') return invalid('unsupported colour space CMYK; expected grey or RGB');
  // libvips would take the first samples, and drop a mask that the others hold.
  if (channels > (space === 'b-w' || space === 'grey16' ? 2 : 4)) {
    return invalid(`it has ${channels} samples per pixel; expected grey or RGB, with at most an alpha channel`);
  }
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
