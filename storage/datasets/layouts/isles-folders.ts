import { niftiStem, type DataSetFolder, type Entry } from '../data-set-folder.js';

export interface IslesCase {
  readonly id: string;
  /** Kind of image (`MR_ADC`, `CT`, `OT`, …) → path; kinds with a second file are listed in `twice`. */
  readonly files: ReadonlyMap<string, string>;
  readonly twice: readonly string[];
}

/**
 * The case folders of ISLES 2017 and 2018, below the root or below TRAINING/; `pattern` matches their names, such as
 * training_1. Each contains one folder per image, `VSD.Brain.XX.O.MR_ADC.128020/` or `SMIR.…`, which contains the image
 * under the same name. The kind of image is the whole part between `.O.` and the number, so CT does not match CT_CBF.
 */
export async function islesCaseFolders(folder: DataSetFolder, pattern: RegExp): Promise<IslesCase[]> {
  const cases: IslesCase[] = [];
  const top = await folder.required();
  const parents = [
    [],
    ...top.filter(({ name, isFolder }) => isFolder && /^training$/i.test(name)).map(({ name }) => [name]),
  ];
  for (const parent of parents) {
    const entries = (await folder.entries(...parent)) ?? [];
    for (const { name: id } of entries.filter(({ name, isFolder }) => isFolder && pattern.test(name))) {
      cases.push(await islesCase(folder, [...parent, id]));
    }
  }
  return cases;
}

async function islesCase(folder: DataSetFolder, path: readonly string[]): Promise<IslesCase> {
  const files = new Map<string, string>();
  const twice: string[] = [];
  for (const entry of (await folder.entries(...path)) ?? []) {
    const shown = /^(?:VSD|SMIR)\.Brain\.XX\.O\.([^.]+)\.\d+/.exec(entry.name)?.[1];
    if (shown === undefined) continue;
    const image = entry.isFolder ? imageOf(entry.name, (await folder.entries(...path, entry.name)) ?? []) : entry;
    if (image === undefined || niftiStem(image.name) === undefined) continue;
    if (files.has(shown)) twice.push(shown);
    files.set(shown, image.path);
  }
  return { id: path.at(-1) ?? '', files, twice };
}

/** The image with the same name as its folder, else the only image in the folder. */
function imageOf(folderName: string, entries: readonly Entry[]): Entry | undefined {
  const images = entries.filter(({ name, isFolder }) => !isFolder && niftiStem(name) !== undefined);
  return images.find(({ name }) => niftiStem(name) === folderName) ?? (images.length === 1 ? images[0] : undefined);
}
