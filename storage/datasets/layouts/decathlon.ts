import { basename, resolve } from 'node:path';
import { z } from 'zod';
import { DomainError } from '../../../domain/domain-error.js';
import { readGrid } from '../../images/image-grid.js';
import { CaseCollection } from '../case-collection.js';
import { dataSetInvalid, type FindCases } from '../case-files.js';
import { channelOf, channelOrder } from './channel-order.js';
import { DataSetFolder, imageStem } from '../data-set-folder.js';

/** The part of the Decathlon's dataset.json that is used. */
const descriptionSchema = z.object({
  modality: z.record(z.string(), z.string()),
  training: z.array(z.object({ image: z.string(), label: z.string() })),
  numTraining: z.number().optional(),
});

/**
 * The Medical Segmentation Decathlon: `dataset.json` lists the training cases (paths relative to itself) and names the
 * modalities in their order in each 4-D image, which has no other volumes. With one modality the images are 3-D. The id of a case is the name of
 * its image without the extension.
 */
export const findDecathlonCases: FindCases = async (root, options) => {
  const folder = await DataSetFolder.open(root);
  const parsed = descriptionSchema.safeParse(await folder.json('dataset.json'));
  if (!parsed.success) {
    throw dataSetInvalid(
      root,
      'its dataset.json is missing, or has no "modality" and "training" in the form of the Decathlon',
    );
  }
  const names = channelOrder(parsed.data.modality);
  const channels = options.modalities.map((modality) => ({ modality, channel: channelOf(root, modality, names) }));
  const collection = new CaseCollection(folder, options);
  const { training, numTraining: declared = training.length } = parsed.data;
  const isPartial = declared !== training.length;
  for (const entry of training) {
    const path = resolve(root, entry.image);
    const id = imageStem(basename(path));
    if (id === undefined) {
      collection.reject(entry.image, 'its image is no .nii, .nii.gz, .nrrd, .nhdr, .mha, .mhd, .mgh or .mgz file');
      continue;
    }
    const volumes = names.length === 1 ? undefined : await volumesOf(path);
    if (volumes !== undefined && volumes !== names.length) {
      const declared = `dataset.json names ${names.length} modalities (${names.join(', ')})`;
      collection.reject(id, `${entry.image} has ${volumes} volumes, but ${declared}`);
      continue;
    }
    const images = channels.map(({ modality, channel }) => ({
      ...{ modality, path, lookedFor: entry.image },
      ...(names.length === 1 ? {} : { channel }),
    }));
    await collection.offer({
      id,
      images,
      label: { path: resolve(root, entry.label), lookedFor: entry.label },
      ...(isPartial && { warning: `dataset.json declares ${declared} training cases, but lists ${training.length}` }),
    });
  }
  return collection.finish('entries of "training" in dataset.json');
};

/** By the header; undefined if it cannot be read, of which reading the case tells. */
async function volumesOf(path: string): Promise<number | undefined> {
  try {
    // Spacing changes no number, and some headers need an override for theirs.
    return (await readGrid(path, [1, 1, 1])).channels;
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}
