import { readFirstBytes } from '../files/first-bytes.js';

export type PictureKind = 'png' | 'jpeg' | 'tiff';

/** How each kind of picture begins (PNG 5.2; JPEG B.1.1.3; TIFF 6.0, 2 and BigTIFF, in either byte order). */
const beginnings: Readonly<Record<PictureKind, RegExp>> = {
  png: /^\x89PNG\r\n/,
  jpeg: /^\xff\xd8\xff/,
  tiff: /^(II[*+]\0|MM\0[*+])/,
};

/** The kind of picture by its first bytes; undefined for anything else. */
export async function pictureKind(path: string): Promise<PictureKind | undefined> {
  const bytes = await readFirstBytes(path, 8, 8, { startByte: 0, encoding: 'none' });
  const text = String.fromCharCode(...bytes);
  return (['png', 'jpeg', 'tiff'] as const).find((kind) => beginnings[kind].test(text));
}
