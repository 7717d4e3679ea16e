import { pictureEnding } from '../../images/image-files.js';
import { anyImageEnding } from '../../images/unsupported-file.js';
import { CaseCollection } from '../case-collection.js';
import { dataSetInvalid, type FindCases } from '../case-files.js';
import { DataSetFolder, type Entry } from '../data-set-folder.js';

/**
 * Pairs of 2D pictures, `images/STEM.png` and `masks/STEM.png`, each PNG, JPEG or TIFF. One modality. The stem is the id. A
 * pair of files in another format, or of folders, is a faulty case, unless pictures have its name too.
 */
export const findFolder2dCases: FindCases = async (root, options) => {
  const [modality, ...more] = options.modalities;
  if (modality === undefined || more.length > 0) {
    throw dataSetInvalid(root, `a folder of pictures has one modality, not ${options.modalities.length}`);
  }
  const folder = await DataSetFolder.open(root);
  const images = await byStem(folder, 'images', isPicture);
  const masks = await byStem(folder, 'masks', isPicture);
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
  const otherMasks = await byStem(folder, 'masks', isNoPicture);
  for (const [id, [image]] of await byStem(folder, 'images', isNoPicture)) {
    const [mask] = otherMasks.get(id) ?? [];
    if (image === undefined || mask === undefined || images.has(id) || masks.has(id)) continue;
    collection.reject(
      id,
      image.isFolder && mask.isFolder
        ? `images/${image.name} and masks/${mask.name} are folders; put the pictures directly into images/ and masks/`
        : `its files ${image.name} and ${mask.name} are not PNG, JPEG or TIFF; convert them to PNG`,
    );
  }
  return collection.finish('images/*.png and masks/*.png (or .jpg, .jpeg, .tif, .tiff)');
};

function isPicture({ name, isFolder }: Entry): boolean {
  return !isFolder && pictureEnding.test(name);
}

function isNoPicture(entry: Entry): boolean {
  return !isPicture(entry) && (entry.isFolder || anyImageEnding.test(entry.name));
}

async function byStem(
  folder: DataSetFolder,
  name: string,
  isWanted: (entry: Entry) => boolean,
): Promise<Map<string, Entry[]>> {
  const found = new Map<string, Entry[]>();
  for (const entry of (await folder.required(name)).filter(isWanted)) {
    const stem = entry.isFolder ? entry.name : entry.name.replace(anyImageEnding, '');
    found.set(stem, [...(found.get(stem) ?? []), entry]);
  }
  return found;
}
