import { gridOfHeader } from '../../domain/formats/headers/image-header.js';
import { niftiGrid } from '../../domain/formats/nifti-header.js';
import type { Grid, Triple } from '../../domain/image/grid.js';
import { niftiEnding, pictureEnding, pictureGrid } from './image-files.js';
import { imagePlace, nonNiftiEnding } from './image-place.js';
import { readNiftiHeader } from './nifti-files.js';
import { checkPictureSize } from './picture-size.js';
import { unsupportedFile } from './unsupported-file.js';

/** The grid that reading the file gives, from its header alone. Errors as in `readImage`, but for those of voxels. */
export async function readGrid(path: string, spacingMm?: Triple): Promise<Grid> {
  if (niftiEnding.test(path)) return niftiGrid(await readNiftiHeader(path, spacingMm));
  if (nonNiftiEnding.test(path)) return gridOfHeader((await imagePlace(path, spacingMm)).header);
  if (!pictureEnding.test(path)) throw await unsupportedFile(path);
  await checkPictureSize(path);
  // The decoder takes longer to load than most verbs to run.
  const { pictureShape } = await import('./picture-files.js');
  return pictureGrid(...(await pictureShape(path)));
}
