import { DomainError } from '../../domain/domain-error.js';
import { recognisableBytes, recognise } from '../../domain/formats/recognise.js';
import { asStored } from '../files/byte-source.js';
import { readFirstBytes } from '../files/first-bytes.js';

export type PictureFormat = 'png' | 'jpeg' | 'tiff';

export const tiffEnding = /\.tiff?$/i;

/**
 * The format of a picture by its first bytes. Throws FILE_FORMAT_INVALID, before any decoder sees it, for a file that does
 * not begin as a PNG, JPEG or TIFF does, and for a TIFF whose name says that it is something else.
 */
export async function pictureFormat(path: string): Promise<PictureFormat> {
  const found = recognise(await readFirstBytes(path, recognisableBytes, recognisableBytes, { stretch: asStored }));
  if (found === undefined || found.format === 'other') {
    const what = found === undefined ? '' : ` but ${found.words}`;
    throw new DomainError('FILE_FORMAT_INVALID', `${path}: it is not PNG, JPEG or TIFF${what}`, { path });
  }
  if (found.format === 'tiff' && !tiffEnding.test(path)) {
    const message = `${path}: it is a TIFF picture, but its name does not end in .tif`;
    throw new DomainError('FILE_FORMAT_INVALID', message, { path });
  }
  return found.format;
}
