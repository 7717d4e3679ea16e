import sharp from 'sharp';

import { DomainError } from '../../domain/domain-error.js';
import { readOrdinaryFile } from '../files/ordinary-file.js';
import { checkPictureSize } from './picture-size.js';

/** The size of a PNG, JPEG or TIFF in pixels, without its pixels. Throws FILE_FORMAT_INVALID if it is no picture. */
export async function readPictureSize(path: string): Promise<{ readonly width: number; readonly height: number }> {
  await checkPictureSize(path);
  try {
    // As bytes: sharp reads a name with brackets as options.
    const { width, height } = await sharp(await readOrdinaryFile(path), { limitInputPixels: false }).metadata();
    return { width, height };
  } catch (error) {
    if (error instanceof DomainError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new DomainError('FILE_FORMAT_INVALID', `${path}: it is no picture: ${reason}`, { path });
  }
}
