import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { encodePng } from '../../../storage/images/picture-files.js';

/** A PNG of greys, or a mask with a structure of 49 pixels in its middle. */
export async function picture(width: number, height: number, isMask: boolean): Promise<Uint8Array> {
  const inside = (at: number): number => (at > (width * height) / 2 && at < (width * height) / 2 + 50 ? 255 : 0);
  const values = Uint8Array.from({ length: width * height }, (_, at) => (isMask ? inside(at) : at % 251));
  return encodePng({ width, height, values });
}

/** Writes a file, and the folders that it needs. */
export async function put(root: string, path: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), bytes);
}
