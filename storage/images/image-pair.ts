import { stat } from 'node:fs/promises';

import { DomainError } from '../../domain/domain-error.js';
import { fileError } from '../files/file-errors.js';

/** The file that contains the header of the image at `path`: for the .img of a pair, the .hdr beside it. */
export function headerPathOf(path: string): string {
  return withEnding(path, 'img', 'hdr');
}

/** The file that contains the voxels of the image at `path`: for the .hdr of a pair, the .img beside it. */
export function voxelPathOf(path: string): string {
  return withEnding(path, 'hdr', 'img');
}

/** Other systems write .HDR and .IMG. */
function withEnding(path: string, ending: string, other: string): string {
  return path.replace(new RegExp(`\\.${ending}(?=(\\.gz)?$)`, 'i'), (found) =>
    found === found.toUpperCase() ? `.${other.toUpperCase()}` : `.${other}`,
  );
}

/** FILE_TOO_LARGE for a file of more bytes than any header has: it would be hashed, although only its beginning is read. */
export async function expectShortHeader(path: string, most: number): Promise<void> {
  const { size } = await stat(path).catch((error: unknown) => {
    throw fileError(path, error);
  });
  if (size <= most) return;
  throw new DomainError('FILE_TOO_LARGE', `${path}: this header has ${size} bytes; at most ${most} are allowed`, {
    path,
  });
}
