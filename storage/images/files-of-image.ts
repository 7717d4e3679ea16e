import { DomainError } from '../../domain/domain-error.js';
import { headerPathOf, voxelPathOf } from './image-pair.js';
import { detachedEnding, textHeader } from './image-place.js';

/**
 * Every file that reading the image at `path` opens, `path` first. A digest that left one of them out would take changed
 * voxels for unchanged ones. Only `path` if it is a header that reading would refuse.
 */
export async function filesOfImage(path: string): Promise<string[]> {
  const others = detachedEnding.test(path) ? [await detachedVoxels(path)] : [headerPathOf(path), voxelPathOf(path)];
  return [...new Set([path, ...others])];
}

async function detachedVoxels(path: string): Promise<string> {
  try {
    // Whatever spacing the config gives, so that a header without one is not refused here.
    return (await textHeader(path, [1, 1, 1])).voxelPath;
  } catch (error) {
    if (error instanceof DomainError) return path;
    throw error;
  }
}
