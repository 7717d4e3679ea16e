import { z } from 'zod';
import { faultOf } from '../../files/parsed.js';
import { pictureEnding } from '../../images/image-files.js';
import { anyImageEnding } from '../../images/unsupported-file.js';
import { CaseCollection } from '../case-collection.js';
import { dataSetInvalid, type FindCases, type LayoutOptions } from '../case-files.js';
import { channelOf, channelOrder } from './channel-order.js';
import { byImageStem, imageStemOfMask } from './mask-names.js';
import { DataSetFolder, type Entry } from '../data-set-folder.js';

/** The part of nnU-Net's dataset.json that is used (v2; `modality` is v1's name for `channel_names`). */
const descriptionSchema = z.object({
  channel_names: z.record(z.string(), z.string()).optional(),
  modality: z.record(z.string(), z.string()).optional(),
  file_ending: z.string().optional(),
  numTraining: z.number().optional(),
});

/** The endings of nnU-Net's files that are read; a file has only one of them. */
const readEndings = ['.nii.gz', '.nii', '.nrrd', '.nhdr', '.mha', '.mhd', '.png', '.tif', '.tiff'];

const imageFolders = ['imagesTr', 'images', 'image'];
const labelFolders = ['labelsTr', 'labels', 'label', 'masks', 'mask'];

/**
 * nnU-Net (v2, and v1's names): `imagesTr/CASE_0000.nii.gz`, one file for each channel, and `labelsTr/CASE.nii.gz`. Where
 * one modality is wanted and no image has a channel number, `CASE.nii.gz` is the image, and `CASE_mask.nii.gz` is a mask too. The
 * extension is `file_ending` in dataset.json, or else any of `readEndings`; an image and a mask with other endings are a
 * faulty case. The folders may have one of the other names above, or those that the config chooses. Channels are identified
 * by the names in dataset.json; without these, the requested modalities are channels 0, 1, … in order.
 */
export const findNnunetCases: FindCases = async (root, options) => {
  const folder = await DataSetFolder.open(root);
  const description = descriptionSchema.safeParse((await folder.json('dataset.json')) ?? {});
  if (!description.success) {
    throw dataSetInvalid(root, `its dataset.json does not have nnU-Net's form: ${faultOf(description.error)}`);
  }
  const { channel_names: names, modality, file_ending: ending, numTraining: declared } = description.data;
  const channels = channelsOf(root, options, names ?? modality);
  const endings = ending === undefined ? readEndings : [ending];
  if (!endings.every((one) => readEndings.includes(one))) {
    throw dataSetInvalid(
      root,
      `its files end in ${JSON.stringify(ending)} (file_ending), which is not read; convert them, for example with ` +
        `SimpleITK, to one of ${readEndings.join(', ')}`,
    );
  }
  const imageFolder = await folder.named('images', imageFolders, options.folders?.images);
  const labelFolder = await folder.named('masks', labelFolders, options.folders?.masks);
  const { entries: imageFiles } = imageFolder;
  const { entries: labelFiles } = labelFolder;
  const images = pathsByStem(root, imageFiles, endings);
  const labelsByStem = pathsByStem(root, labelFiles, endings);
  const isPlain = channels.length === 1 && areWithoutChannels([...images.keys()], [...labelsByStem.keys()]);
  const idOf = isPlain ? (stem: string): string => stem : withoutChannel;
  const suffixOf = ({ suffix }: { readonly suffix: string }): string => (isPlain ? '' : suffix);
  const labels = isPlain ? byImageStem(labelsByStem, images) : labelsByStem;
  const known = new Set([...labels.keys(), ...[...images.keys()].map(idOf)]);
  const collection = new CaseCollection(folder, options);
  const isPartial = declared !== undefined && declared !== known.size;
  for (const id of known) {
    if (channels.length > 1 && pictureEnding.test(images.get(`${id}_0000`) ?? '') && !images.has(`${id}_0001`)) {
      collection.reject(id, 'it has one picture for all modalities; list one modality, which is its brightness');
      continue;
    }
    await collection.offer({
      id,
      images: channels.map((channel) => ({
        modality: channel.modality,
        path: images.get(id + suffixOf(channel)),
        lookedFor: `${imageFolder.name}/${id}${suffixOf(channel)} (${endings.join(', ')})`,
      })),
      label: { path: labels.get(id), lookedFor: `${labelFolder.name}/${id} (${endings.join(', ')})` },
      ...(isPartial && { warning: `dataset.json declares ${declared} training cases, but there are ${known.size}` }),
    });
  }
  const pairs = pairsWithAnyEnding(imageFiles, labelFiles, idOf);
  for (const { name, entries } of [imageFolder, labelFolder]) {
    const unread = entries.filter((entry) => {
      if (entry.isFolder) return true;
      const id = entry.name.replace(anyImageEnding, '');
      const ofImage = isPlain ? imageStemOfMask(id, (stem) => known.has(stem)) : idOf(id);
      return id !== entry.name && ![id, ofImage].some((one) => known.has(one) || pairs.has(one));
    });
    collection.leaveUnread(unread.map((entry) => `${name}/${entry.name}`));
  }
  for (const [id, { image, label }] of pairs) {
    if (known.has(id)) continue;
    collection.reject(
      id,
      `its files ${imageFolder.name}/${image} and ${labelFolder.name}/${label} have endings that are not read; expected ${endings.join(', ')}`,
    );
  }
  return collection.finish(
    `${imageFolder.name}/CASE${isPlain ? '' : '_0000'}.nii.gz and ${labelFolder.name}/CASE.nii.gz`,
  );
};

/** Whether images have their masks' names: some do, and of no mask there is an image with a channel number. */
export function areWithoutChannels(images: readonly string[], labels: readonly string[]): boolean {
  const numbered = new Set(images.filter((stem) => withoutChannel(stem) !== stem).map(withoutChannel));
  const own = new Set(images);
  const imageOf = (label: string): string => imageStemOfMask(label, (stem) => own.has(stem));
  return labels.some((label) => own.has(imageOf(label))) && !labels.some((label) => numbered.has(label));
}

function withoutChannel(stem: string): string {
  return stem.replace(/_\d{4}$/, '');
}

function channelsOf(
  root: string,
  { modalities }: LayoutOptions,
  named: Readonly<Record<string, string>> | undefined,
): { modality: string; suffix: string }[] {
  const names = named === undefined ? modalities : channelOrder(named);
  return modalities.map((modality) => {
    const channel = channelOf(root, modality, names);
    return { modality, suffix: `_${String(channel).padStart(4, '0')}` };
  });
}

function pathsByStem(root: string, files: readonly Entry[], endings: readonly string[]): Map<string, string> {
  const paths = new Map<string, string>();
  for (const { name, path, isFolder } of files) {
    const ending = endings.find((one) => name.endsWith(one));
    if (ending === undefined || isFolder) continue;
    const stem = name.slice(0, -ending.length);
    const other = paths.get(stem);
    if (other !== undefined) throw dataSetInvalid(root, `${other} and ${path} have the same name; remove one of them`);
    paths.set(stem, path);
  }
  return paths;
}

/** The ids of which both folders have an image, with the first file's name in each. */
function pairsWithAnyEnding(
  images: readonly Entry[],
  labels: readonly Entry[],
  idOf: (stem: string) => string,
): Map<string, { image: string; label: string }> {
  const labelNames = namesByStem(labels);
  const pairs = new Map<string, { image: string; label: string }>();
  for (const [stem, image] of namesByStem(images)) {
    const id = idOf(stem);
    const label = labelNames.get(id);
    if (label !== undefined && !pairs.has(id)) pairs.set(id, { image, label });
  }
  return pairs;
}

function namesByStem(files: readonly Entry[]): Map<string, string> {
  const names = files.filter(({ isFolder, name }) => !isFolder && anyImageEnding.test(name)).map(({ name }) => name);
  return new Map(names.map((name) => [name.replace(anyImageEnding, ''), name]));
}
