import { relative } from 'node:path';
import { CaseCollection } from '../case-collection.js';
import type { FindCases } from '../case-files.js';
import { DataSetFolder, niftiStem, type Entry } from '../data-set-folder.js';

const maskSuffixes = ['mask', 'dseg'];
/** Suffixes that published data sets give to masks too: ISLES 2022, and BIDS' old name of regions. */
const otherMaskSuffixes = ['msk', 'roi'];

/** Whether a file named so is a mask, by its suffix. */
export function isBidsMask(stem: string): boolean {
  return [...maskSuffixes, ...otherMaskSuffixes].includes(stem.split('_').at(-1) ?? '');
}

/**
 * BIDS: images `sub-01[/ses-1]/anat/sub-01[_ses-1]_T1w.nii.gz`, in any folder such as anat/ or dwi/, and masks
 * `sub-01…_mask.nii.gz` or `…_dseg.nii.gz` in the same folders below `derivatives/PIPELINE/`. Where no case has one there,
 * also `…_msk` and `…_roi`, and directly below `derivatives/`; where none has that either, beside the images. A modality is a suffix
 * (`T1w`), preceded by entities if several files have this suffix (`acq-highres_T1w`). A case is a session, or a
 * subject without sessions; its participant is the subject.
 */
export const findBidsCases: FindCases = async (root, options) => {
  const folder = await DataSetFolder.open(root);
  const collection = new CaseCollection(folder, options);
  await rejectCapitals(collection, folder, [], 'sub-');
  const pipelines = ((await folder.entries('derivatives')) ?? []).filter(({ isFolder }) => isFolder);
  const subjects = await folders(folder, [], /^sub-/);
  const leaveStrangers = async (place: readonly string[]): Promise<void> => {
    const masked = await folders(folder, place, /^sub-/);
    const strangers = masked.filter((subject) => !subjects.includes(subject));
    collection.leaveUnread(strangers.map((subject) => [...place, subject].join('/')));
  };
  for (const { name } of pipelines) await leaveStrangers(['derivatives', name]);
  const sessionsFound: { readonly subject: string; readonly place: readonly string[]; readonly files: PlaceFiles }[] =
    [];
  for (const subject of subjects) {
    await rejectCapitals(collection, folder, [subject], 'ses-');
    const sessions = await folders(folder, [subject], /^ses-/);
    if (sessions.length > 0) {
      const beside = await filesIn(folder, [subject]);
      collection.leaveUnread(beside.map(({ path }) => relative(root, path)));
    }
    for (const place of sessions.length > 0 ? sessions.map((session) => [subject, session]) : [[subject]]) {
      sessionsFound.push({ subject, place, files: await filesOfPlace(folder, place, pipelines) });
    }
  }
  const masksIn = maskPlaceOf(sessionsFound.map(({ files }) => files));
  if (masksIn === 1) await leaveStrangers(['derivatives']);
  for (const { subject, place, files } of sessionsFound) {
    const id = place.join('_');
    const found = [
      ...options.modalities.map((modality) => matches(files.images, modality)),
      files.masks[masksIn] ?? [],
    ];
    const several = found.filter((own) => own.length > 1).map((own) => own.map(({ name }) => name).join(', '));
    if (several.length > 0) {
      collection.reject(id, `several files could be meant: ${several.join('; ')}`);
      continue;
    }
    const strange = found.flat().filter(({ name }) => !name.startsWith(`${subject}_`));
    if (strange.length > 0) {
      const names = strange.map(({ name }) => name).join(', ');
      collection.reject(id, `the names of its files must begin with ${subject}_: ${names}`);
      continue;
    }
    await collection.offer({
      id,
      participant: subject,
      images: options.modalities.map((modality, index) => ({
        modality,
        path: found[index]?.[0]?.path,
        lookedFor: `${place.join('/')}/*/${id}_*${modality}.nii.gz`,
      })),
      label: {
        path: found.at(-1)?.[0]?.path,
        lookedFor: `derivatives/*/${place.join('/')}/*/${id}_*_mask.nii.gz (or _dseg)`,
      },
    });
  }
  return collection.finish('folders sub-01/ with images, and masks below derivatives/');
};

/** The images and masks of a subject or a session; `masks`: in BIDS' own place and form, in others, and beside the images. */
interface PlaceFiles {
  readonly images: readonly Entry[];
  readonly masks: readonly (readonly Entry[])[];
}

async function filesOfPlace(
  folder: DataSetFolder,
  place: readonly string[],
  pipelines: readonly Entry[],
): Promise<PlaceFiles> {
  const images = await filesIn(folder, place);
  const derived = await Promise.all(pipelines.map(({ name }) => filesIn(folder, ['derivatives', name, ...place])));
  const besidePipelines = await filesIn(folder, ['derivatives', ...place]);
  const suffixed = (files: readonly Entry[], suffixes: readonly string[]): Entry[] =>
    files.filter(({ name }) => suffixes.includes(partsOf(name).at(-1) ?? ''));
  const all = [...maskSuffixes, ...otherMaskSuffixes];
  const masks = [
    suffixed(derived.flat(), maskSuffixes),
    suffixed([...derived.flat(), ...besidePipelines], all),
    suffixed(images, all),
  ];
  return { images, masks };
}

/** The first place and form in which any case has a mask: one for all, lest a case gets a mask of something else. */
function maskPlaceOf(files: readonly PlaceFiles[]): number {
  const place = [0, 1, 2].find((index) => files.some(({ masks }) => (masks[index]?.length ?? 0) > 0));
  return place ?? 0;
}

/** BIDS tells capitals apart; a folder that others would find must not be left out silently. */
async function rejectCapitals(
  collection: CaseCollection,
  folder: DataSetFolder,
  place: readonly string[],
  prefix: 'sub-' | 'ses-',
): Promise<void> {
  for (const name of await folders(folder, place, new RegExp(`^${prefix}`, 'i'))) {
    if (name.startsWith(prefix)) continue;
    const expected = [...place, prefix + name.slice(prefix.length)].join('/');
    collection.reject([...place, name].join('/'), `its folder must be named ${expected}, in lower case`);
  }
}

async function folders(folder: DataSetFolder, place: readonly string[], name: RegExp): Promise<string[]> {
  const entries = (await folder.entries(...place)) ?? [];
  return entries.filter((entry) => entry.isFolder && name.test(entry.name)).map((entry) => entry.name);
}

/** The NIfTI files in a subject's or session's own folder and in its folders anat/, dwi/, … */
async function filesIn(folder: DataSetFolder, place: readonly string[]): Promise<Entry[]> {
  const own = (await folder.entries(...place)) ?? [];
  const inside = own.filter(({ name, isFolder }) => isFolder && !/^ses-/i.test(name));
  const below = await Promise.all(inside.map(async ({ name }) => (await folder.entries(...place, name)) ?? []));
  return [...own, ...below.flat()].filter(({ name, isFolder }) => !isFolder && niftiStem(name) !== undefined);
}

function partsOf(name: string): string[] {
  return (niftiStem(name) ?? '').split('_');
}

/** The files with the modality's suffix and all its entities. */
function matches(files: readonly Entry[], modality: string): Entry[] {
  const wanted = modality.split('_');
  return files.filter(({ name }) => {
    const parts = partsOf(name);
    return parts.at(-1) === wanted.at(-1) && wanted.every((part) => parts.includes(part));
  });
}
