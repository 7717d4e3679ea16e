import { parse } from 'node:path';
import { pictureEnding } from '../../images/image-files.js';
import { CaseCollection } from '../case-collection.js';
import { dataSetInvalid, type FindCases } from '../case-files.js';
import { DataSetFolder, type Entry } from '../data-set-folder.js';

/**
 * Pairs of 2D pictures, `images/STEM.png` and `masks/STEM.png`, each PNG, JPEG or TIFF. One modality. The stem is the id. A
 * pair in another picture format is a faulty case, unless one of these has it too.
 */
export const findFolder2dCases: FindCases = async (root, options) => {
  const [modality, ...more] = options.modalities;
  if (modality === undefined || more.length > 0) {
    throw dataSetInvalid(root, `a folder of pictures has one modality, not ${options.modalities.length}`);
  }
  const folder = await DataSetFolder.open(root);
  const images = await pictures(folder, 'images', pictureEnding);
  const masks = await pictures(folder, 'masks', pictureEnding);
  const collection = new CaseCollection(folder, options);
  for (const id of new Set([...images.keys(), ...masks.keys()])) {
    const [image, ...otherImages] = images.get(id) ?? [];
    const [mask, ...otherMasks] = masks.get(id) ?? [];
    const twice = [...otherImages, ...otherMasks].map(({ path }) => path);
    if (twice.length > 0) {
      collection.reject(id, `several pictures have its name: ${twice.join(', ')}`);
      continue;
    }
    await collection.offer({
      id,
      images: [{ modality, path: image?.path, lookedFor: `images/${id}.png (or .jpg, .jpeg, .tif, .tiff)` }],
      label: { path: mask?.path, lookedFor: `masks/${id}.png (or .jpg, .jpeg, .tif, .tiff)` },
    });
  }
  const otherMasks = await pictures(folder, 'masks', otherEnding);
  for (const [id, [image]] of await pictures(folder, 'images', otherEnding)) {
    const [mask] = otherMasks.get(id) ?? [];
    if (image === undefined || mask === undefined || images.has(id) || masks.has(id)) continue;
    collection.reject(id, `its files ${image.name} and ${mask.name} are not PNG, JPEG or TIFF; convert them to PNG`);
  }
  return collection.finish('images/*.png and masks/*.png (or .jpg, .jpeg, .tif, .tiff)');
};

const otherEnding = /\.(bmp|gif|jfif|jp2|webp)$/i;

async function pictures(folder: DataSetFolder, name: string, ending: RegExp): Promise<Map<string, Entry[]>> {
  const byStem = new Map<string, Entry[]>();
  for (const entry of await folder.required(name)) {
    if (entry.isFolder || !ending.test(entry.name)) continue;
    const stem = parse(entry.name).name;
    byStem.set(stem, [...(byStem.get(stem) ?? []), entry]);
  }
  return byStem;
}
