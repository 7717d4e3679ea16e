import { resolve } from 'node:path';

import { z } from 'zod';

import { DomainError } from '../../../domain/domain-error.js';
import { pictureEnding } from '../../images/image-files.js';
import { anyImageEnding } from '../../images/unsupported-file.js';
import { readCsv } from '../csv.js';
import { DataSetFolder, imageStem, niftiStem, type Entry } from '../data-set-folder.js';
import { isBidsMask } from '../layouts/bids.js';
import { bratsStems } from '../layouts/brats.js';
import { channelOrder } from '../layouts/channel-order.js';
import { imageFolderNames, maskFolderNames } from '../layouts/folder-names.js';
import type { DataSetKind } from '../layouts/index.js';
import { islesCaseFolders } from '../layouts/isles-folders.js';
import { isKnownColumn } from '../layouts/manifest-columns.js';
import { areWithoutChannels } from '../layouts/nnunet.js';
import { caseFolders, type CaseFolder } from './case-folders.js';

/** What a folder looks like: a layout, and the modalities that its cases have. */
export interface LayoutGuess {
  readonly kind: DataSetKind;
  /** Those of every case; at least one. */
  readonly modalities: readonly string[];
  /** Those that only some cases have. */
  readonly leftOut: readonly PartialModality[];
  /** The files of each case, where only a manifest that lists them makes them a data set. */
  readonly caseFolders?: readonly CaseFolder[];
}

export interface PartialModality {
  readonly modality: string;
  readonly cases: number;
  readonly ofCases: number;
}

type Guess = (folder: DataSetFolder) => Promise<Omit<LayoutGuess, 'kind'> | undefined>;

/** From the most particular form to the most general: the first that fits is taken. */
const guesses: readonly (readonly [DataSetKind, Guess])[] = [
  ['manifest', guessManifest],
  ['decathlon', guessDecathlon],
  ['nnunet', guessNnunet],
  ['bids', guessBids],
  ['isles2017', guessIsles2017],
  ['isles2018', guessIsles2018],
  [
    'tufts',
    async (folder) => ((await hasFolders(folder, 'Radiographs', 'Segmentation')) ? only('radiograph') : undefined),
  ],
  ['folder2d', guessFolder2d],
  ['brats', guessBrats],
  ['manifest', guessCaseFolders],
];

/** The layout of a folder by the names in it; undefined if it is none that is known. DATA_SET_INVALID without such a folder. */
export async function guessLayout(root: string): Promise<LayoutGuess | undefined> {
  const folder = await DataSetFolder.open(root);
  for (const [kind, guess] of guesses) {
    const found = await guess(folder);
    if (found !== undefined && found.modalities.length > 0) return { kind, ...found };
  }
  return undefined;
}

function only(modality: string): Omit<LayoutGuess, 'kind'> {
  return { modalities: [modality], leftOut: [] };
}

async function hasFolders(folder: DataSetFolder, ...names: readonly string[]): Promise<boolean> {
  const top = await folder.required();
  return names.every((name) => top.some((entry) => entry.name === name && entry.isFolder));
}

/** The modalities that all cases have, in the order of the first case, or if there is none, that most have; and the others. */
function shared(cases: readonly (readonly string[])[]): Omit<LayoutGuess, 'kind'> | undefined {
  if (cases.length === 0) return undefined;
  const counts = new Map<string, number>();
  for (const modality of cases.flatMap((own) => [...new Set(own)]))
    counts.set(modality, (counts.get(modality) ?? 0) + 1);
  const all = [...counts].map(([modality, count]) => ({ modality, cases: count, ofCases: cases.length }));
  const most = Math.max(...counts.values());
  return {
    modalities: all.filter(({ cases: count }) => count === most).map(({ modality }) => modality),
    leftOut: all.filter(({ cases: count }) => count < most),
  };
}

async function guessManifest(folder: DataSetFolder): Promise<Omit<LayoutGuess, 'kind'> | undefined> {
  if (!(await folder.required()).some(({ name }) => name === 'manifest.csv')) return undefined;
  const [header = [], ...rows] = await readCsv(resolve(folder.root, 'manifest.csv'));
  const names = header.map((name) => name.trim());
  const columns = names.flatMap((name, at) => (isKnownColumn(name) ? [] : [{ name, at }]));
  const filled = rows.filter((row) => row.some((text) => text.trim() !== ''));
  return shared(
    filled.map((row) => columns.filter(({ at }) => anyImageEnding.test(row[at]?.trim() ?? '')).map(({ name }) => name)),
  );
}

const names = z.record(z.string(), z.string());

async function guessDecathlon(folder: DataSetFolder): Promise<Omit<LayoutGuess, 'kind'> | undefined> {
  const description = z.object({ modality: names, training: z.array(z.unknown()) });
  const parsed = description.safeParse(await folder.json('dataset.json').catch(undefinedIfInvalid));
  return parsed.success ? { modalities: channelOrder(parsed.data.modality), leftOut: [] } : undefined;
}

interface Folders {
  readonly images: readonly Entry[];
  readonly masks: readonly Entry[];
  /** Whether the names are nnU-Net's own. */
  readonly areNnunets: boolean;
}

/** The files of a folder of images and one of masks, by any of their names; undefined without both. */
async function imagesAndMasks(folder: DataSetFolder): Promise<Folders | undefined> {
  const areNnunets = await hasFolders(folder, 'imagesTr', 'labelsTr');
  const [[images], [masks]] = areNnunets
    ? [['imagesTr'], ['labelsTr']]
    : [await folder.present(imageFolderNames), await folder.present(maskFolderNames)];
  if (images === undefined || masks === undefined) return undefined;
  return { images: await folder.required(images), masks: await folder.required(masks), areNnunets };
}

const channelSuffix = /_(\d{4})\.\w+(\.gz)?$/;

/**
 * Numbers in the names of pictures may look like channels: in folders of other names, a mask must lack them. 3D images may do
 * without them.
 */
async function guessNnunet(folder: DataSetFolder): Promise<Omit<LayoutGuess, 'kind'> | undefined> {
  const folders = await imagesAndMasks(folder);
  if (folders === undefined) return undefined;
  const [images, masks] = [folders.images, folders.masks].map(stemsOf) as [string[], string[]];
  const isPlain = folders.images.some(({ name }) => imageStem(name) !== undefined) && areWithoutChannels(images, masks);
  const isOfChannels = masks.some((stem) => images.includes(`${stem}_0000`));
  if (!folders.areNnunets && !isOfChannels && !isPlain) return undefined;
  const description = z.object({ channel_names: names.optional(), modality: names.optional() });
  const parsed = description.safeParse(await folder.json('dataset.json').catch(undefinedIfInvalid));
  const named = parsed.data?.channel_names ?? parsed.data?.modality;
  if (named !== undefined) return { modalities: channelOrder(named), leftOut: [] };
  if (isPlain) return only('channel0');
  const channels = folders.images.map(({ name }) => channelSuffix.exec(name)?.[1]);
  const found = [...new Set(channels.filter((channel) => channel !== undefined))].sort();
  return { modalities: found.map((channel) => `channel${Number(channel)}`), leftOut: [] };
}

function stemsOf(entries: readonly Entry[]): string[] {
  return entries.map(({ name }) => name.replace(anyImageEnding, ''));
}

async function guessFolder2d(folder: DataSetFolder): Promise<Omit<LayoutGuess, 'kind'> | undefined> {
  const { images = [] } = (await imagesAndMasks(folder)) ?? {};
  return images.some(({ name, isFolder }) => !isFolder && pictureEnding.test(name)) ? only('grey') : undefined;
}

/** A file that is not JSON is no reason to refuse the folder: another layout may fit. */
function undefinedIfInvalid(error: unknown): undefined {
  if (error instanceof DomainError) return undefined;
  throw error;
}

async function guessBids(folder: DataSetFolder): Promise<Omit<LayoutGuess, 'kind'> | undefined> {
  const places: string[][] = [];
  for (const subject of await foldersNamed(folder, [], /^sub-/)) {
    const sessions = await foldersNamed(folder, [subject], /^ses-/);
    places.push(...(sessions.length > 0 ? sessions.map((session) => [subject, session]) : [[subject]]));
  }
  const cases = await Promise.all(places.map(async (place) => bidsModalities(await niftisBelow(folder, place))));
  return shared(cases);
}

async function foldersNamed(folder: DataSetFolder, place: readonly string[], name: RegExp): Promise<string[]> {
  const entries = (await folder.entries(...place)) ?? [];
  return entries.filter((entry) => entry.isFolder && name.test(entry.name)).map((entry) => entry.name);
}

async function niftisBelow(folder: DataSetFolder, place: readonly string[]): Promise<string[]> {
  const own = (await folder.entries(...place)) ?? [];
  const inside = own.filter(({ name, isFolder }) => isFolder && !/^ses-/.test(name));
  const below = await Promise.all(inside.map(async ({ name }) => (await folder.entries(...place, name)) ?? []));
  const isImage = ({ name, isFolder }: Entry): boolean => !isFolder && niftiStem(name) !== undefined;
  const stems = [...own, ...below.flat()].filter(isImage).map(({ name }) => niftiStem(name) ?? '');
  return stems.filter((stem) => !isBidsMask(stem));
}

/** Suffixes, such as T1w; with their entities where several files have the same suffix, such as acq-highres_T1w. */
function bidsModalities(stems: readonly string[]): string[] {
  const suffixOf = (stem: string): string => stem.split('_').at(-1) ?? '';
  const suffixes = stems.map(suffixOf);
  return stems.map((stem) => {
    const suffix = suffixOf(stem);
    if (suffixes.indexOf(suffix) === suffixes.lastIndexOf(suffix)) return suffix;
    return stem.replace(/^sub-[^_]+_(ses-[^_]+_)?/, '');
  });
}

async function guessIsles2017(folder: DataSetFolder): Promise<Omit<LayoutGuess, 'kind'> | undefined> {
  const cases = await islesCaseFolders(folder, /^training_\d+$/i);
  const kindsOf = (files: ReadonlyMap<string, string>): string[] =>
    [...files.keys()].filter((kind) => /^MR_(?!4D)/.test(kind)).map((kind) => kind.replace('MR_', ''));
  return shared(cases.map(({ files }) => kindsOf(files)));
}

async function guessIsles2018(folder: DataSetFolder): Promise<Omit<LayoutGuess, 'kind'> | undefined> {
  const cases = await islesCaseFolders(folder, /^case_\d+$/i);
  const kindsOf = (files: ReadonlyMap<string, string>): string[] =>
    [...files.keys()].filter((kind) => /^CT$|^(CT|MR)_(?!4D)/.test(kind)).map((kind) => kind.replace(/^(CT|MR)_/, ''));
  return shared(cases.map(({ files }) => kindsOf(files)));
}

const bratsNames: Readonly<Record<string, string>> = { flair: 'FLAIR', t1: 'T1', t1ce: 'T1ce', t2: 'T2' };

async function guessBrats(folder: DataSetFolder): Promise<Omit<LayoutGuess, 'kind'> | undefined> {
  const grades = await foldersNamed(folder, [], /^(HGG|LGG)$/);
  const cases: string[][] = [];
  let hasMask = false;
  for (const parent of grades.length > 0 ? grades.map((grade) => [grade]) : [[]]) {
    for (const id of await foldersNamed(folder, parent, /^/)) {
      const stems = ((await folder.entries(...parent, id)) ?? []).map(({ name }) => niftiStem(name)?.toLowerCase());
      const has = (sequence: string): boolean => bratsStems(id, sequence).some((stem) => stems.includes(stem));
      const sequences = Object.keys(bratsNames).filter(has);
      hasMask ||= has('seg');
      if (sequences.length > 0) cases.push(sequences.map((sequence) => bratsNames[sequence] ?? sequence));
    }
  }
  // Other data sets may name images so, but not masks.
  return hasMask ? shared(cases) : undefined;
}

async function guessCaseFolders(folder: DataSetFolder): Promise<Omit<LayoutGuess, 'kind'> | undefined> {
  const cases = await caseFolders(folder);
  const guess = shared(cases.map(({ images }) => [...images.keys()]));
  return guess && { ...guess, caseFolders: cases };
}
