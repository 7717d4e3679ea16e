import { parse } from 'node:path';
import { pictureEnding } from '../../images/image-files.js';
import { CaseCollection } from '../case-collection.js';
import { dataSetInvalid, type FindCases } from '../case-files.js';
import { DataSetFolder, type Entry } from '../data-set-folder.js';

/** Pairs of 2D pictures, `images/STEM.png` and `masks/STEM.png`, each PNG, JPEG or TIFF. One modality. The stem is the id. */
export const findFolder2dCases: FindCases = async (root, options) => {
  const [modality, ...more] = options.modalities;
  if (modality === undefined || more.length > 0) {
    throw dataSetInvalid(root, `a folder of pictures has one modality, not ${options.modalities.length}`);
  }
  const folder = await DataSetFolder.open(root);
  const images = await pictures(folder, 'images');
  const masks = await pictures(folder, 'masks');
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
  return collection.finish('images/*.png and masks/*.png (or .jpg, .jpeg, .tif, .tiff)');
};

async function pictures(folder: DataSetFolder, name: string): Promise<Map<string, Entry[]>> {
  const byStem = new Map<string, Entry[]>();
  for (const entry of await folder.required(name)) {
    if (entry.isFolder || !pictureEnding.test(entry.name)) continue;
    const stem = parse(entry.name).name;
    byStem.set(stem, [...(byStem.get(stem) ?? []), entry]);
  }
  return byStem;
}
