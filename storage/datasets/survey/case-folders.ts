import { anyImageEnding } from '../../images/unsupported-file.js';
import { CaseCollection } from '../case-collection.js';
import type { CaseFiles, RejectedCase } from '../case-files.js';
import { imageStem, type DataSetFolder, type Entry } from '../data-set-folder.js';

/** A case of a folder of its own: the paths of its images by modality, and of its mask; those that it has. */
export interface CaseFolder {
  readonly id: string;
  readonly images: ReadonlyMap<string, string>;
  readonly label: string | undefined;
}

/** Words of which the name of a mask has one. */
const maskWord =
  /(^|[_. -])(masks?|seg|segm|segmentation|labels?|lesions?|gt|roi|annotation|groundtruth|ground[_-]truth)([_. -]|$)/i;

/** Names of columns of a manifest that no modality may have. */
const reserved: readonly string[] = ['case', 'label', 'participant'];

/**
 * The cases of a folder with a folder for each, in which files have the same names: `P000/flair.nii.gz` and
 * `P000/lesion_mask.nii.gz`, or with the case's name before them. One name, that of a mask, is the mask's. Empty if the names do not tell
 * the mask.
 */
export async function caseFolders(folder: DataSetFolder): Promise<CaseFolder[]> {
  const folders = (await folder.required()).filter(({ isFolder }) => isFolder);
  const named: { readonly id: string; readonly files: ReadonlyMap<string, string> }[] = [];
  for (const { name: id } of folders) {
    const images = ((await folder.entries(id)) ?? []).filter(({ name, isFolder }) => !isFolder && isImage(name));
    if (images.length > 0)
      named.push({ id, files: new Map(images.map((entry) => [nameInCase(id, entry), entry.path])) });
  }
  const names = new Set(named.flatMap(({ files }) => [...files.keys()]));
  const [mask, ...others] = [...names].filter((name) => maskWord.test(name));
  const isTold = mask !== undefined && others.length === 0 && names.size > 1;
  if (!isTold || [...names].some((name) => reserved.includes(name) && name !== mask)) return [];
  return named.map(({ id, files }) => ({
    id,
    images: new Map([...files].filter(([name]) => name !== mask)),
    label: files.get(mask),
  }));
}

function isImage(name: string): boolean {
  return imageStem(name) !== undefined || /\.(png|jpe?g|tiff?)$/i.test(name);
}

/** `flair` of `P000/flair.nii.gz` and of `P000/P000_flair.nii.gz`. */
function nameInCase(id: string, { name }: Entry): string {
  const stem = name.replace(anyImageEnding, '');
  const rest = stem.toLowerCase().startsWith(id.toLowerCase()) ? stem.slice(id.length).replace(/^[_. -]+/, '') : '';
  return rest === '' ? stem : rest;
}

/** The cases with all of these modalities, as a layout would find them. */
export async function casesOfFolders(
  folder: DataSetFolder,
  cases: readonly CaseFolder[],
  options: { readonly modalities: readonly string[]; readonly onRejected: (rejected: RejectedCase) => void },
): Promise<CaseFiles[]> {
  const collection = new CaseCollection(folder, options);
  for (const { id, images, label } of cases) {
    await collection.offer({
      id,
      images: options.modalities.map((modality) => ({
        ...{ modality, path: images.get(modality) },
        lookedFor: `${id}/${modality}`,
      })),
      label: { path: label, lookedFor: `the mask in ${id}/` },
    });
  }
  return collection.finish('folders CASE/ with the same names of files');
}
