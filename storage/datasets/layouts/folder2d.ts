import { pictureEnding } from '../../images/image-files.js';
import { anyImageEnding } from '../../images/unsupported-file.js';
import { CaseCollection } from '../case-collection.js';
import { dataSetInvalid, type FindCases } from '../case-files.js';
import { DataSetFolder, imageStem, type Entry, type NamedFolder } from '../data-set-folder.js';
import { imageFolderNames, maskFolderNames } from './folder-names.js';
import { byImageStem } from './mask-names.js';

/**
 * Pairs of 2D pictures, `images/STEM.png` and `masks/STEM.png` (or `STEM_mask.png`), each PNG, JPEG or TIFF. One modality. The stem is the id. The
 * folders may have one of the other names in folder-names.ts, or those that the config chooses. A pair of files in another format, or of
 * folders, is a faulty case, unless pictures have its name too; one without the other is a warning.
 */
export const findFolder2dCases: FindCases = async (root, options) => {
  const [modality, ...more] = options.modalities;
  if (modality === undefined || more.length > 0) {
    throw dataSetInvalid(root, `a folder of pictures has one modality, not ${options.modalities.length}`);
  }
  const folder = await DataSetFolder.open(root);
  const imageFolder = await folder.named('images', imageFolderNames, options.folders?.images);
  const maskFolder = await folder.named('masks', maskFolderNames, options.folders?.masks);
  const images = byStem(imageFolder, isPicture);
  const masks = byImageStem(byStem(maskFolder, isPicture), images);
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
      images: [
        { modality, path: image?.path, lookedFor: `${imageFolder.name}/${id}.png (or .jpg, .jpeg, .tif, .tiff)` },
      ],
      label: { path: mask?.path, lookedFor: `${maskFolder.name}/${id}.png (or .jpg, .jpeg, .tif, .tiff)` },
    });
  }
  const [otherImages, otherMasks] = [byStem(imageFolder, isNoPicture), byStem(maskFolder, isNoPicture)];
  for (const id of new Set([...otherImages.keys(), ...otherMasks.keys()])) {
    const [[image], [mask]] = [otherImages.get(id) ?? [], otherMasks.get(id) ?? []];
    if (images.has(id) || masks.has(id)) continue;
    if (image === undefined || mask === undefined) {
      if (image !== undefined) collection.leaveUnread([`${imageFolder.name}/${image.name}`]);
      if (mask !== undefined) collection.leaveUnread([`${maskFolder.name}/${mask.name}`]);
      continue;
    }
    collection.reject(
      id,
      image.isFolder && mask.isFolder
        ? `${imageFolder.name}/${image.name} and ${maskFolder.name}/${mask.name} are folders; put the pictures directly into ${imageFolder.name}/ and ${maskFolder.name}/`
        : `its files ${image.name} and ${mask.name} are not PNG, JPEG or TIFF; ${remedyFor(image)}`,
    );
  }
  return collection.finish(`${imageFolder.name}/*.png and ${maskFolder.name}/*.png (or .jpg, .jpeg, .tif, .tiff)`);
};

function remedyFor({ name }: Entry): string {
  return imageStem(name) === undefined ? 'convert them to PNG' : 'kind: nnunet reads 3D images';
}

function isPicture({ name, isFolder }: Entry): boolean {
  return !isFolder && pictureEnding.test(name);
}

function isNoPicture(entry: Entry): boolean {
  return !isPicture(entry) && (entry.isFolder || anyImageEnding.test(entry.name));
}

function byStem({ entries }: NamedFolder, isWanted: (entry: Entry) => boolean): Map<string, Entry[]> {
  const found = new Map<string, Entry[]>();
  for (const entry of entries.filter(isWanted)) {
    const stem = entry.isFolder ? entry.name : entry.name.replace(anyImageEnding, '');
    found.set(stem, [...(found.get(stem) ?? []), entry]);
  }
  return found;
}
