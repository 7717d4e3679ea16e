import { dataSetInvalid } from '../case-files.js';

/** Channel names from dataset.json's object of number → name, in the order of the numbers. */
export function channelOrder(names: Readonly<Record<string, string>>): string[] {
  return Object.entries(names)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, name]) => name);
}

/** The place of a modality among the names in dataset.json. DATA_SET_INVALID if it is not there, or more than once. */
export function channelOf(root: string, modality: string, names: readonly string[]): number {
  const channel = names.indexOf(modality);
  if (channel < 0) {
    throw dataSetInvalid(root, `dataset.json does not name the modality ${modality}; it has ${names.join(', ')}`);
  }
  if (names.lastIndexOf(modality) !== channel) {
    throw dataSetInvalid(root, `dataset.json gives the name ${modality} to several modalities; give each its own`);
  }
  return channel;
}
