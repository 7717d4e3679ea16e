import { access, constants, lstat, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { DomainError } from '../../domain/domain-error.js';
import { expectOrdinary, fileError, hasErrorCode, reasonOf } from '../files/file-errors.js';
import { jsonFault } from '../files/json-fault.js';
import { readOrdinaryFile } from '../files/ordinary-file.js';
import { dataSetInvalid } from './case-files.js';
import { nonNiftiEnding } from '../images/image-place.js';

const litter: readonly string[] = ['__MACOSX', '.DS_Store', '.ipynb_checkpoints', '@eaDir'];

/** Names that archives, desktops, notebooks and servers leave behind. */
function isLitter(name: string): boolean {
  return litter.includes(name) || name.startsWith('._');
}

export interface Entry {
  readonly name: string;
  readonly path: string;
  readonly isFolder: boolean;
}

/** A folder of a data set that may have one of several names. */
export interface NamedFolder {
  readonly name: string;
  readonly entries: readonly Entry[];
}

/** What a file of a data set leads to. */
export interface FoundFile {
  /** The file itself, without symbolic links, if it is outside the root. */
  readonly outside?: string;
}

/**
 * A data set's root folder. Files may be anywhere, by symbolic links, `..` or absolute paths, so that nobody has to copy
 * them; those outside the root are told apart, so that a user sees what belongs to the data set. Nothing is ever written.
 */
export class DataSetFolder {
  private readonly realFolders = new Map<string, string>();

  private constructor(
    readonly root: string,
    private readonly realRoot: string,
  ) {}

  /** DATA_SET_INVALID if there is no such folder. */
  static async open(root: string): Promise<DataSetFolder> {
    try {
      const realRoot = await realpath(root);
      if (!(await stat(realRoot)).isDirectory()) throw dataSetInvalid(root, 'it is not a folder');
      return new DataSetFolder(root, realRoot);
    } catch (error) {
      if (error instanceof DomainError) throw error;
      throw dataSetInvalid(root, reasonOf(error, 'folder'));
    }
  }

  /**
   * Files and folders of a folder below the root, sorted by name, with symbolic links followed and without what
   * other software leaves behind (`litter`, `._*`). Undefined if the folder does not exist; DATA_SET_INVALID if it cannot
   * be read.
   */
  async entries(...folder: readonly string[]): Promise<Entry[] | undefined> {
    const path = resolve(this.root, ...folder);
    let found;
    try {
      found = await readdir(path, { withFileTypes: true });
    } catch (error) {
      if (hasErrorCode(error, 'ENOENT') || hasErrorCode(error, 'ENOTDIR')) return undefined;
      throw dataSetInvalid(this.root, `${path}: ${reasonOf(error, 'folder')}`);
    }
    const wanted = found.filter(({ name }) => !isLitter(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
    return Promise.all(
      wanted.map(async (one) => {
        const entry = join(path, one.name);
        // A broken link counts as a file; `find` reports that it cannot be opened.
        const isLinked = (): Promise<boolean> =>
          stat(entry).then(
            (target) => target.isDirectory(),
            () => false,
          );
        return { name: one.name, path: entry, isFolder: one.isSymbolicLink() ? await isLinked() : one.isDirectory() };
      }),
    );
  }

  /** Like `entries`, but DATA_SET_INVALID if the folder does not exist. */
  async required(...folder: readonly string[]): Promise<Entry[]> {
    const entries = await this.entries(...folder);
    if (entries === undefined) throw dataSetInvalid(this.root, `it has no folder ${folder.join('/')}/`);
    return entries;
  }

  /**
   * The folder `chosen`, or else the one that has one of these names, of which the first is the layout's own.
   * DATA_SET_INVALID if there is none, or several but not the layout's own. `setting` is the key that chooses.
   */
  async named(setting: 'images' | 'masks', names: readonly string[], chosen: string | undefined): Promise<NamedFolder> {
    if (chosen !== undefined) return { name: chosen, entries: await this.required(chosen) };
    const found = await this.present(names);
    const [first, ...others] = found;
    const listed = (folders: readonly string[]): string => folders.map((name) => `${name}/`).join(', ');
    const remedy = `name the folder with ${setting} in the config`;
    if (first === undefined) throw dataSetInvalid(this.root, `it has no folder ${listed(names)}; ${remedy}`);
    if (others.length > 0 && first !== names[0]) {
      throw dataSetInvalid(this.root, `it has the folders ${listed(found)}; ${remedy}`);
    }
    return { name: first, entries: await this.required(first) };
  }

  /** The root's folders that have one of these names, in the order of the names; if none has, those that differ in capitals. */
  async present(names: readonly string[]): Promise<string[]> {
    const exact: string[] = [];
    for (const name of names) if ((await this.entries(name)) !== undefined) exact.push(name);
    if (exact.length > 0) return exact;
    const folders = (await this.required()).filter(({ isFolder }) => isFolder).map(({ name }) => name);
    return names.flatMap((name) => folders.filter((one) => one.toLowerCase() === name.toLowerCase()));
  }

  /** Where a file is that a case needs. FILE_UNREADABLE if it is missing, may not be read, or is a folder, a device or a pipe. */
  async find(path: string): Promise<FoundFile> {
    try {
      const target = await this.withoutLinks(path);
      await access(target, constants.R_OK);
      const fromRoot = relative(this.realRoot, target);
      return fromRoot === '..' || fromRoot.startsWith(`..${sep}`) ? { outside: target } : {};
    } catch (error) {
      throw fileError(path, error);
    }
  }

  /** The file's own path. Thousands of files lie in few folders, whose links are followed once. */
  private async withoutLinks(path: string): Promise<string> {
    const found = await lstat(path);
    if (found.isSymbolicLink()) {
      const target = await realpath(path);
      expectOrdinary(path, await stat(target));
      return target;
    }
    expectOrdinary(path, found);
    const folder = dirname(path);
    const real = this.realFolders.get(folder) ?? (await realpath(folder));
    this.realFolders.set(folder, real);
    return join(real, basename(path));
  }

  /** The parsed JSON of a file below the root. Undefined if it does not exist, DATA_SET_INVALID if it is damaged. */
  async json(...name: readonly string[]): Promise<unknown> {
    const path = join(this.root, ...name);
    let text;
    try {
      text = (await readOrdinaryFile(path)).toString('utf8').replace(/^\uFEFF/, '');
    } catch (error) {
      const cause = fileError(path, error);
      if (cause.details.code === 'ENOENT') return undefined;
      throw dataSetInvalid(this.root, cause.message);
    }
    try {
      const parsed: unknown = JSON.parse(text);
      return parsed;
    } catch (error) {
      throw dataSetInvalid(this.root, `${path}: ${jsonFault(text, error)}`);
    }
  }
}

/** A file's name without .nii or .nii.gz; undefined for other files. */
export function niftiStem(name: string): string | undefined {
  return /^(.+?)\.nii(?:\.gz)?$/i.exec(name)?.[1];
}

const nonNiftiName = new RegExp(`^(.+)${nonNiftiEnding.source}`, nonNiftiEnding.flags);

/** A file's name without the ending of a 3-D image format; undefined for other files. */
export function imageStem(name: string): string | undefined {
  return niftiStem(name) ?? nonNiftiName.exec(name)?.[1];
}
