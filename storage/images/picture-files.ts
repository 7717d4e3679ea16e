import { access, constants, readFile, stat } from 'node:fs/promises';
import sharp, { type Metadata } from 'sharp';
import { DomainError } from '../../domain/domain-error.js';
import { greyOf, opaque } from '../../domain/formats/grey.js';
import type { StoredValues } from '../../domain/image/grid.js';
import { expectOrdinary, fileError } from '../files/file-errors.js';

/** Largest picture that is decoded: 2²⁷ pixels, a square of 11,585. */
const maximumPixels = 2 ** 27;
const maximumFileBytes = 2 ** 29;

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Bits of a sample in the file's own scale. */
  readonly bits: 8 | 16;
  /** Row by row from the top, in the file's own scale: 0 to 255 or 0 to 65,535. */
  readonly values: StoredValues;
}

/**
 * Reads a PNG or JPEG as grey values, as stored: gamma and colour profiles are not applied, grey of fewer than 8 bits
 * is spread to 0 to 255, and colours become their luma (`greyOf`). Refused with FILE_FORMAT_INVALID: other formats,
 * damaged or cut-off files, CMYK, pixels that are not opaque, and an orientation tag that would turn the picture
 * (its mask would not turn with it). FILE_TOO_LARGE beyond 2²⁷ pixels.
 */
export async function readPicture(path: string): Promise<Picture> {
  const input = await inputOf(path);
  const limits = { limitInputPixels: maximumPixels, failOn: 'warning', ignoreIcc: true } as const;
  try {
    const metadata = await sharp(input, { ...limits, limitInputPixels: false }).metadata();
    const refused = refusal(metadata);
    if (refused !== undefined) throw new DomainError(refused.code, `${path}: ${refused.reason}`, { path });
    const deep = metadata.depth === 'ushort';
    const colour = metadata.channels > 2;
    const space = deep ? (colour ? 'rgb16' : 'grey16') : colour ? 'srgb' : 'b-w';
    const picture = sharp(input, limits).pipelineColourspace(space).toColourspace(space);
    // With a fourth channel, colours of 8 bits leave room for the grey values that they become.
    const { data, info } = await (colour && !deep ? picture.ensureAlpha() : picture)
      .raw({ depth: deep ? 'ushort' : 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const samples = samplesOf(data, deep);
    if (!opaque(samples, info.channels, deep ? 65_535 : 255)) {
      throw new DomainError('FILE_FORMAT_INVALID', `${path}: some of its pixels are transparent`, { path });
    }
    return { width: info.width, height: info.height, bits: deep ? 16 : 8, values: greyOf(samples, info.channels) };
  } catch (error) {
    if (error instanceof DomainError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new DomainError('FILE_FORMAT_INVALID', `${path}: it cannot be decoded (${reason})`, { path });
  }
}

// A file that is read by its path may have changed since the last time.
sharp.cache(false);

/**
 * What sharp is to read: the path, so that the compressed picture is not held beside the decoded one; but of a name with
 * brackets, in which libvips looks for options, the bytes.
 */
async function inputOf(path: string): Promise<string | Buffer> {
  try {
    const found = await stat(path);
    expectOrdinary(path, found);
    const { size } = found;
    if (size > maximumFileBytes) {
      throw new DomainError('FILE_TOO_LARGE', `${path}: ${size} bytes; at most ${maximumFileBytes} are read`, { path });
    }
    if (size === 0) throw new DomainError('FILE_FORMAT_INVALID', `${path}: the file is empty`, { path });
    if (/[[\]]/.test(path)) return await readFile(path);
    await access(path, constants.R_OK);
    return path;
  } catch (error) {
    throw fileError(path, error);
  }
}

/** The samples in memory of their own, where `greyOf` can have them. */
function samplesOf({ buffer, byteOffset, byteLength }: Buffer, deep: boolean): Uint8Array | Uint16Array {
  const aligned = byteOffset % 4 === 0;
  const own = aligned ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
  const offset = aligned ? byteOffset : 0;
  return deep ? new Uint16Array(own, offset, byteLength / 2) : new Uint8Array(own, offset, byteLength);
}

function refusal(metadata: Metadata): { code: 'FILE_FORMAT_INVALID' | 'FILE_TOO_LARGE'; reason: string } | undefined {
  const { format, width, height, space, depth, orientation } = metadata;
  const invalid = (reason: string) => ({ code: 'FILE_FORMAT_INVALID', reason }) as const;
  if (width * height > maximumPixels) {
    return { code: 'FILE_TOO_LARGE', reason: `${width}×${height} pixels; at most ${maximumPixels} are read` };
  }
  if (format !== 'png' && format !== 'jpeg') return invalid(`it is ${format}; PNG and JPEG are read`);
  if (space === 'cmyk') return invalid('its colours are CMYK; grey and RGB are read');
  if (depth !== 'uchar' && depth !== 'ushort')
    return invalid(`its samples are of type ${depth}; 8 and 16 bits are read`);
  if (orientation !== undefined && orientation !== 1) {
    return invalid(`its EXIF orientation is ${orientation}, so it is stored turned; save it upright`);
  }
  return undefined;
}

/** The bytes of a grey PNG: 8 bits a pixel from a Uint8Array, 16 from a Uint16Array; row by row from the top. */
export async function encodePng(picture: {
  readonly width: number;
  readonly height: number;
  readonly values: Uint8Array | Uint16Array;
}): Promise<Uint8Array> {
  const { width, height, values } = picture;
  if (values.length !== width * height) {
    throw new DomainError('IMAGE_SHAPE_MISMATCH', `${values.length} values for ${width}×${height} pixels`);
  }
  const space = values instanceof Uint16Array ? 'grey16' : 'b-w';
  return sharp(values, { raw: { width, height, channels: 1 } })
    .pipelineColourspace(space)
    .toColourspace(space)
    .png({ compressionLevel: 9, adaptiveFiltering: false })
    .toBuffer();
}
