import { relative } from 'node:path';
import { CaseCollection } from '../case-collection.js';
import type { FindCases } from '../case-files.js';
import { DataSetFolder, niftiStem, type Entry } from '../data-set-folder.js';

const maskSuffixes = ['mask', 'dseg'];

/**
 * BIDS: images `sub-01[/ses-1]/anat/sub-01[_ses-1]_T1w.nii.gz`, in any folder such as anat/ or dwi/, and masks
 * `sub-01…_mask.nii.gz` or `…_dseg.nii.gz` in the same folders below `derivatives/PIPELINE/`. A modality is a suffix
 * (`T1w`), preceded by entities if several files have this suffix (`acq-highres_T1w`). A case is a session, or a
 * subject without sessions; its participant is the subject.
 */
export const findBidsCases: FindCases = async (root, options) => {
  const folder = await DataSetFolder.open(root);
  const collection = new CaseCollection(folder, options);
  await rejectCapitals(collection, folder, [], 'sub-');
  const pipelines = ((await folder.entries('derivatives')) ?? []).filter(({ isFolder }) => isFolder);
  const subjects = await folders(folder, [], /^sub-/);
  for (const { name } of pipelines) {
    const masked = await folders(folder, ['derivatives', name], /^sub-/);
    const strangers = masked.filter((subject) => !subjects.includes(subject));
    collection.leaveUnread(strangers.map((subject) => `derivatives/${name}/${subject}`));
  }
  for (const subject of subjects) {
    await rejectCapitals(collection, folder, [subject], 'ses-');
    const sessions = await folders(folder, [subject], /^ses-/);
    if (sessions.length > 0) {
      const beside = await filesIn(folder, [subject]);
      collection.leaveUnread(beside.map(({ path }) => relative(root, path)));
    }
    for (const place of sessions.length > 0 ? sessions.map((session) => [subject, session]) : [[subject]]) {
      const id = place.join('_');
      const images = await filesIn(folder, place);
      const masks = (
        await Promise.all(pipelines.map(({ name }) => filesIn(folder, ['derivatives', name, ...place])))
      ).flat();
      const found = [
        ...options.modalities.map((modality) => matches(images, modality)),
        masks.filter(({ name }) => maskSuffixes.includes(partsOf(name).at(-1) ?? '')),
      ];
      const several = found
        .filter((files) => files.length > 1)
        .map((files) => files.map(({ name }) => name).join(', '));
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
  }
  return collection.finish('folders sub-01/ with images, and masks below derivatives/');
};

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
