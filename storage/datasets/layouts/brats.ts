import { CaseCollection } from '../case-collection.js';
import { dataSetInvalid, type FindCases } from '../case-files.js';
import { DataSetFolder, niftiStem } from '../data-set-folder.js';

const sequences = ['flair', 't1', 't1ce', 't2'];

/**
 * BRATS: a folder for each case, below HGG/ and LGG/ (2018) or directly below the root (2020), with
 * `CASE_flair.nii.gz`, `_t1`, `_t1ce`, `_t2` and the mask `_seg`, .nii or .nii.gz. The id is the folder's name.
 */
export const findBratsCases: FindCases = async (root, options) => {
  const unknown = options.modalities.filter((modality) => !sequences.includes(modality.toLowerCase()));
  if (unknown.length > 0)
    throw dataSetInvalid(root, `BRATS has no modality ${unknown.join(', ')}; it has FLAIR, T1, T1ce, T2`);
  const folder = await DataSetFolder.open(root);
  const collection = new CaseCollection(folder, options);
  for (const { name: id, files, twice } of await caseFolders(folder, collection)) {
    const wanted = [...options.modalities, 'seg'].map((sequence) => `${id}_${sequence}`.toLowerCase());
    const several = wanted.flatMap((stem) => twice.get(stem) ?? []);
    if (several.length > 0) {
      collection.reject(id, `several files could be meant: ${several.join(', ')}`);
      continue;
    }
    const find = (sequence: string): string | undefined => files.get(`${id}_${sequence}`.toLowerCase());
    const describe = (sequence: string): string => `${id}/${id}_${sequence}.nii.gz (or .nii)`;
    await collection.offer({
      id,
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
