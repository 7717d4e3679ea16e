import { CaseCollection } from '../case-collection.js';
import { dataSetInvalid, type FindCases } from '../case-files.js';
import { DataSetFolder, niftiStem } from '../data-set-folder.js';

/** What BraTS has called its images since 2023, by their names before. */
const bratsSequences: Readonly<Record<string, string>> = { flair: 't2f', t1: 't1n', t1ce: 't1c', t2: 't2w' };

/**
 * BRATS: a folder for each case, below HGG/ and LGG/ (2018) or directly below the root (2020), with
 * `CASE_flair.nii.gz`, `_t1`, `_t1ce`, `_t2` and the mask `_seg`, .nii or .nii.gz; or (2023) `CASE-t2f.nii.gz`, `-t1n`, `-t1c`,
 * `-t2w` and `-seg`. The id is the folder's name. From 2023 on it ends in the number of the scan, and what precedes that is the participant.
 */
export const findBratsCases: FindCases = async (root, options) => {
  const unknown = options.modalities.filter((modality) => !Object.hasOwn(bratsSequences, modality.toLowerCase()));
  if (unknown.length > 0)
    throw dataSetInvalid(root, `BRATS has no modality ${unknown.join(', ')}; it has FLAIR, T1, T1ce, T2`);
  const folder = await DataSetFolder.open(root);
  const collection = new CaseCollection(folder, options);
  for (const { name: id, files, twice } of await caseFolders(folder, collection)) {
    const wanted = [...options.modalities, 'seg'].flatMap((sequence) => bratsStems(id, sequence));
    const several = wanted.flatMap((stem) => twice.get(stem) ?? []);
    if (several.length > 0) {
      collection.reject(id, `several files could be meant: ${several.join(', ')}`);
      continue;
    }
    const find = (sequence: string): string | undefined => {
      const stem = bratsStems(id, sequence).find((one) => files.has(one));
      return stem === undefined ? undefined : files.get(stem);
    };
    const isNew = files.has(`${id}-seg`.toLowerCase());
    const describe = (sequence: string): string =>
      `${id}/${id}${isNew ? `-${bratsSequences[sequence] ?? sequence}` : `_${sequence}`}.nii.gz (or .nii)`;
    const participant = isNew ? /^(.+-\d{5})-\d{3}$/.exec(id)?.[1] : undefined;
    await collection.offer({
      id,
      ...(participant !== undefined && { participant }),
      images: options.modalities.map((modality) => ({
        modality,
        path: find(modality.toLowerCase()),
        lookedFor: describe(modality.toLowerCase()),
      })),
      label: { path: find('seg') ?? maskOfCase355(id, files), lookedFor: describe('seg') },
    });
  }
  return collection.finish('folders CASE/ with CASE_seg.nii.gz, below HGG/ and LGG/ or directly below the root');
};

/** The stems, in lower case, that an image or the mask of a case may have. */
export function bratsStems(id: string, sequence: string): string[] {
  const name = sequence.toLowerCase();
  return [`${id}_${name}`, `${id}-${bratsSequences[name] ?? name}`].map((stem) => stem.toLowerCase());
}

/** In the 2020 release the mask of this case kept its raw name. */
function maskOfCase355(id: string, files: ReadonlyMap<string, string>): string | undefined {
  return id === 'BraTS20_Training_355' ? files.get('w39_1998.09.19_segm') : undefined;
}

interface CaseFolder {
  readonly name: string;
  /** Path by lower-case file name without .nii or .nii.gz. */
  readonly files: ReadonlyMap<string, string>;
  /** The names of files with the same such stem, by it. */
  readonly twice: ReadonlyMap<string, readonly string[]>;
}

async function caseFolders(folder: DataSetFolder, collection: CaseCollection): Promise<CaseFolder[]> {
  const top = (await folder.required()).filter(({ isFolder }) => isFolder).map(({ name }) => name);
  const grades = top.filter((name) => ['HGG', 'LGG'].includes(name));
  if (grades.length > 0) collection.leaveUnread(top.filter((name) => !grades.includes(name)));
  const found: CaseFolder[] = [];
  for (const parent of grades.length > 0 ? grades.map((grade) => [grade]) : [[]]) {
    for (const { name } of (await folder.required(...parent)).filter(({ isFolder }) => isFolder)) {
      const files = new Map<string, string>();
      const names = new Map<string, string[]>();
      for (const file of await folder.required(...parent, name)) {
        const stem = niftiStem(file.name)?.toLowerCase() ?? file.name;
        files.set(stem, file.path);
        names.set(stem, [...(names.get(stem) ?? []), file.name]);
      }
      found.push({ name, files, twice: new Map([...names].filter(([, own]) => own.length > 1)) });
    }
  }
  return found;
}
