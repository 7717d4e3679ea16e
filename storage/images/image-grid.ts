import { gridOfHeader } from '../../domain/formats/headers/image-header.js';
import { niftiGrid } from '../../domain/formats/nifti-header.js';
import type { Grid, Triple } from '../../domain/image/grid.js';
import { niftiEnding, pictureEnding, pictureGrid } from './image-files.js';
import { imagePlace, nonNiftiEnding } from './image-place.js';
import { readNiftiHeader } from './nifti-files.js';
import { unsupportedFile } from './unsupported-file.js';

/** The grid that reading the file gives, and the number of images on it. */
export interface GridOfFile {
  readonly grid: Grid;
  readonly channels: number;
}

/** What the header alone tells of a file. Errors as in `readImage`, but for those of voxels. */
export async function readGrid(path: string, spacingMm?: Triple): Promise<GridOfFile> {
  if (niftiEnding.test(path)) {
    const header = await readNiftiHeader(path, spacingMm);
    return { grid: niftiGrid(header), channels: header.channels };
  }
  if (nonNiftiEnding.test(path)) {
    const { header } = await imagePlace(path, spacingMm);
    return { grid: gridOfHeader(header), channels: header.channels };
  }
  if (!pictureEnding.test(path)) throw await unsupportedFile(path);
  // The decoder takes longer to load than most verbs to run.
  const { pictureShape } = await import('./picture-files.js');
  return { grid: pictureGrid(...(await pictureShape(path))), channels: 1 };
}
