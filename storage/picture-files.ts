import { readFile, stat } from 'node:fs/promises';
import sharp, { type Metadata } from 'sharp';
import { DomainError } from '../domain/domain-error.js';
import { greyOf, opaque } from '../domain/formats/grey.js';
import { fileError } from './file-errors.js';

/** Largest picture that is decoded: 2²⁷ pixels, a square of 11,585. */
const maximumPixels = 2 ** 27;
const maximumFileBytes = 2 ** 29;

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Bits of a sample in the file's own scale. */
  readonly bits: 8 | 16;
  /** Row by row from the top, in the file's own scale: 0 to 255 or 0 to 65,535. */
  readonly values: Float32Array;
}

/**
 * Reads a PNG or JPEG as grey values, as stored: gamma and colour profiles are not applied, grey of fewer than 8 bits
 * is spread to 0 to 255, and colours become their luma (`greyOf`). Refused with FILE_FORMAT_INVALID: other formats,
 * damaged or cut-off files, CMYK, pixels that are not opaque, and an orientation tag that would turn the picture
 * (its mask would not turn with it). FILE_TOO_LARGE beyond 2²⁷ pixels.
 */
export async function readPicture(path: string): Promise<Picture> {
  const file = await readWhole(path);
  const limits = { limitInputPixels: maximumPixels, failOn: 'warning', ignoreIcc: true } as const;
  try {
    const metadata = await sharp(file, { ...limits, limitInputPixels: false }).metadata();
    const refused = refusal(metadata);
    if (refused !== undefined) throw new DomainError(refused.code, `${path}: ${refused.reason}`, { path });
    const deep = metadata.depth === 'ushort';
    const colour = metadata.channels > 2;
    const space = deep ? (colour ? 'rgb16' : 'grey16') : colour ? 'srgb' : 'b-w';
    const { data, info } = await sharp(file, limits)
      .pipelineColourspace(space)
      .toColourspace(space)
      .raw({ depth: deep ? 'ushort' : 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const samples = deep
      ? new Uint16Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength))
      : data;
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

async function readWhole(path: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > maximumFileBytes) {
      throw new DomainError('FILE_TOO_LARGE', `${path}: ${size} bytes; at most ${maximumFileBytes} are read`, { path });
    }
    return await readFile(path);
  } catch (error) {
    throw fileError(path, error);
  }
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
