import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { DomainError } from '../../domain/domain-error.js';
import { fileError, reasonOf } from '../files/file-errors.js';
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

/** A data set's root folder. Nothing outside it is ever read. */
export class DataSetFolder {
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
   * other software leaves behind (`litter`, `._*`). Undefined if the folder does not exist.
   */
  async entries(...folder: readonly string[]): Promise<Entry[] | undefined> {
    const path = join(this.root, ...folder);
    let names;
    try {
      names = await readdir(path);
    } catch {
      return undefined;
    }
    const wanted = names.filter((name) => !isLitter(name)).sort();
    return Promise.all(
      wanted.map(async (name) => {
        const entry = join(path, name);
        // A broken link counts as a file; `problemWith` reports that it cannot be opened.
        const isFolder = await stat(entry).then(
          (found) => found.isDirectory(),
          () => false,
        );
        return { name, path: entry, isFolder };
      }),
    );
  }

  /** Like `entries`, but DATA_SET_INVALID if the folder does not exist. */
  async required(...folder: readonly string[]): Promise<Entry[]> {
    const entries = await this.entries(...folder);
    if (entries === undefined) throw dataSetInvalid(this.root, `it has no folder ${folder.join('/')}/`);
    return entries;
  }

  /** Why a file cannot be used (missing, a folder, or outside the root by `..` or a symbolic link), or undefined. */
  async problemWith(path: string): Promise<string | undefined> {
    try {
      const fromRoot = relative(this.realRoot, await realpath(path));
      if (fromRoot === '..' || fromRoot.startsWith(`..${sep}`)) return `${path} leads out of the data folder`;
      return (await stat(path)).isFile() ? undefined : `${path} is not a file`;
    } catch (error) {
      return fileError(path, error).message;
    }
  }

  /** The parsed JSON of a file below the root. Undefined if it does not exist, DATA_SET_INVALID if it is damaged. */
  async json(...name: readonly string[]): Promise<unknown> {
    const path = join(this.root, ...name);
    let text;
    try {
      text = (await readOrdinaryFile(path)).toString('utf8');
    } catch (error) {
      const cause = fileError(path, error);
      if (cause.details.code === 'ENOENT') return undefined;
      throw dataSetInvalid(this.root, cause.message);
    }
    const problem = await this.problemWith(path);
    if (problem !== undefined) throw dataSetInvalid(this.root, problem);
    try {
      const parsed: unknown = JSON.parse(text);
      return parsed;
    } catch (error) {
      throw dataSetInvalid(this.root, `${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
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
