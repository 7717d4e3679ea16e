import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { DomainError } from '../../domain/domain-error.js';
import { fileError } from '../files/file-errors.js';
import { niftiEnding, pictureEnding } from '../images/image-files.js';
import { nonNiftiEnding } from '../images/image-place.js';

export interface FilePair {
  /** The truth's file name without its ending. */
  readonly name: string;
  readonly prediction: string;
  readonly truth: string;
}

export interface PairedFiles {
  /** In the order of names. */
  readonly pairs: readonly FilePair[];
  /** Files of folders without a partner, in the same order. */
  readonly unmatched: { readonly predictions: readonly string[]; readonly truths: readonly string[] };
}

/**
 * Pairs a prediction with a truth: two files, or the images of two folders that have the same name without its ending, such as
 * `case.nii.gz` and `case.nrrd`, or `case-probability.nii.gz`, as `volbias predict` calls its maps (the masks that it writes
 * beside them are then left out). Files that are no images are left out. Throws ARGUMENT_INVALID for a file with a folder, for
 * folders in which no or several images have the same name, and FILE_UNREADABLE.
 */
export async function pairedFiles(prediction: string, truth: string): Promise<PairedFiles> {
  const areFolders = [await isFolder(prediction), await isFolder(truth)];
  if (!areFolders.includes(true)) {
    return {
      pairs: [{ name: stemOf(basename(truth)), prediction, truth }],
      unmatched: { predictions: [], truths: [] },
    };
  }
  if (areFolders.includes(false)) {
    const [folder, file] = areFolders[0] === true ? [prediction, truth] : [truth, prediction];
    throw new DomainError('ARGUMENT_INVALID', `${folder} is a folder and ${file} is a file; expected two of a kind`);
  }
  const [predictions, truths] = [await imagesIn(prediction), await imagesIn(truth)];
  const used = new Set<string>();
  const pairs = [...truths].flatMap(([name, path]): FilePair[] => {
    const found = [name, `${name}-probability`].find((own) => predictions.has(own));
    if (found === undefined) return [];
    used.add(found);
    if (found !== name) used.add(`${name}-mask`);
    return [{ name, prediction: predictions.get(found) ?? '', truth: path }];
  });
  if (pairs.length === 0) {
    const some = [predictions, truths].map((files) => basename([...files.values()][0] ?? ''));
    throw new DomainError(
      'ARGUMENT_INVALID',
      `no image in ${prediction} (such as ${some[0] ?? ''}) has the name of one in ${truth} (such as ${some[1] ?? ''})`,
    );
  }
  const paired = new Set(pairs.map(({ name }) => name));
  const others = (files: ReadonlyMap<string, string>, known: ReadonlySet<string>): string[] =>
    [...files].filter(([name]) => !known.has(name)).map(([, path]) => path);
  return { pairs, unmatched: { predictions: others(predictions, used), truths: others(truths, paired) } };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw fileError(path, error);
  }
}

const endings = [niftiEnding, nonNiftiEnding, pictureEnding];

function stemOf(name: string): string {
  return endings.reduce((stem, ending) => stem.replace(ending, ''), name);
}

/** Paths by names without endings, in their order. Hidden files, such as macOS writes, and the .img of pairs are no images. */
async function imagesIn(folder: string): Promise<Map<string, string>> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.') && !/\.img(\.gz)?$/i.test(name));
  const images = names.filter((name) => endings.some((ending) => ending.test(name))).sort();
  if (images.length === 0) throw new DomainError('ARGUMENT_INVALID', `${folder} contains no image`);
  const byStem = new Map<string, string>();
  for (const name of images) {
    const stem = stemOf(name);
    const known = byStem.get(stem);
    if (known !== undefined) {
      const message = `${folder} contains ${basename(known)} and ${name}, which are the same case by name; move one elsewhere`;
      throw new DomainError('ARGUMENT_INVALID', message);
    }
    byStem.set(stem, join(folder, name));
  }
  return byStem;
}
