import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';

import { DomainError } from '../../domain/domain-error.js';
import type { InputCase } from '../../worker/predict-messages.js';

const imageEnding = /\.(nii(\.gz)?|nrrd|nhdr|mha|mhd|mgh|mgz|png|jpe?g|tiff?)$/i;
const channelEnding = /_(\d{4})$/;

/**
 * The cases named by `--input`. Each word is a file, a comma-separated list of one file per modality in the config's
 * order, or a folder of cases. Each file of a folder is a case; with several modalities, the files CASE_0000,
 * CASE_0001, … (nnU-Net's names for modalities) form one case. ARGUMENT_INVALID for missing files, folders without
 * images and duplicate case names.
 */
export async function inputCases(words: readonly string[], modalities: number): Promise<InputCase[]> {
  const cases = (await Promise.all(words.map((word) => casesOf(word, modalities)))).flat();
  const names = new Set<string>();
  for (const { name } of cases) {
    if (names.has(name)) throw new DomainError('ARGUMENT_INVALID', `two cases are called "${name}"; rename one`);
    names.add(name);
  }
  return cases;
}

const stemOf = (path: string): string => basename(path).replace(imageEnding, '');

async function casesOf(word: string, modalities: number): Promise<InputCase[]> {
  const files = word.split(',').map((path) => resolve(path));
  const [first = ''] = files;
  const found = await stat(first).catch(() => undefined);
  if (found === undefined) throw new DomainError('ARGUMENT_INVALID', `--input names ${first}, which does not exist`);
  if (!found.isDirectory()) {
    const stem = stemOf(first);
    return [{ name: files.length > 1 ? stem.replace(channelEnding, '') : stem, files }];
  }
  const inFolder = (await readdir(first)).filter((name) => imageEnding.test(name)).sort();
  if (inFolder.length === 0)
    throw new DomainError(
      'ARGUMENT_INVALID',
      `${first} contains no image; expected .nii, .nii.gz, .nrrd, .nhdr, .mha, .mhd, .mgh, .mgz, .png, .jpg or .tif`,
    );
  const byName = new Map<string, string[]>();
  for (const file of inFolder) {
    const stem = stemOf(file);
    const name = modalities > 1 ? stem.replace(channelEnding, '') : stem;
    byName.set(name, [...(byName.get(name) ?? []), join(first, file)]);
  }
  return [...byName].map(([name, own]) => ({ name, files: own }));
}
