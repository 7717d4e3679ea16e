import { DomainError } from '../../domain/domain-error.js';
import type { FileDigests } from '../files/file-digests.js';
import { niftiEnding, pictureEnding } from './image-files.js';
import { filesOfImage } from './files-of-image.js';
import { imagePlace, nonNiftiEnding } from './image-place.js';
import { checkNiftiSize } from './nifti-files.js';
import { checkPictureSize } from './picture-size.js';

export interface FileDigest {
  readonly path: string;
  readonly digest: string;
}

/**
 * The digest of every file that reading the image opens, `path` first. Undefined if reading would refuse it by its header
 * and size alone: a sparse file of a terabyte is not worth the hours that its digest takes.
 */
export async function digestsOfImage(path: string, digests: FileDigests): Promise<FileDigest[] | undefined> {
  const files = await filesOfImage(path);
  const known = await Promise.all(files.map((file) => digests.has(file)));
  if (known.includes(false) && (await isRefused(path))) return undefined;
  const found: FileDigest[] = [];
  for (const file of files) found.push({ path: file, digest: await digests.digestOf(file) });
  return found;
}

async function isRefused(path: string): Promise<boolean> {
  try {
    if (niftiEnding.test(path)) await checkNiftiSize(path);
    // Whatever spacing the config gives, so that a file without one is not refused here.
    else if (nonNiftiEnding.test(path)) await imagePlace(path, [1, 1, 1]);
    else if (pictureEnding.test(path)) await checkPictureSize(path);
    return false;
  } catch (error) {
    if (error instanceof DomainError && ['FILE_FORMAT_INVALID', 'FILE_TOO_LARGE'].includes(error.code)) return true;
    throw error;
  }
}
