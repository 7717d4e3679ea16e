import { resolve } from 'node:path';

import type { DataFolder } from '../storage/store/data-folder.js';
import type { LineageLog } from '../storage/store/lineage-log.js';
import { dataFolderAbove, dataFolderName } from '../storage/store/data-folder-above.js';
import { dataFolderIn, openStore } from '../storage/store/shared/open-store.js';
import type { ArtifactStore } from '../storage/store/artifact-store.js';
import { printable } from './terminal/printable.js';

/** A project's data folder with its store and its lineage. */
export interface Project {
  readonly folder: DataFolder;
  readonly store: ArtifactStore;
  readonly lineage: LineageLog;
}

/** Which data folder a verb uses, and which store, as its options say. */
export interface ProjectFlags {
  readonly dataDir?: string | undefined;
  readonly store?: string | undefined;
}

/**
 * Opens the data folder: `--data-dir`, else VOLBIAS_DATA_DIR, else .volbias in the current folder or the nearest above it that has
 * one; with the store of `--store`, else of VOLBIAS_STORE, which other machines may share.
 */
export function openProject({ dataDir, store }: ProjectFlags): Project {
  const environment = { ...process.env, VOLBIAS_STORE: store ?? process.env.VOLBIAS_STORE };
  const folder = dataFolderIn(dataDir ?? process.env.VOLBIAS_DATA_DIR ?? projectsOwn(), environment);
  return { folder, ...openStore(folder, environment) };
}

let isSaid = false;

/** The data folder of the project that the current folder belongs to; says which, unless it is in the current folder. */
function projectsOwn(): string {
  const found = dataFolderAbove('.') ?? resolve(dataFolderName);
  if (found !== resolve(dataFolderName) && !isSaid) process.stderr.write(`data folder: ${printable(found)}\n`);
  isSaid = true;
  return found;
}

/**
 * Opens the data folder for a verb that writes only there: what it and its processes create is for this user alone, because
 * it shows images, case ids and the key of the engine.
 */
export function openPrivateProject(flags: ProjectFlags): Project {
  process.umask(0o077);
  return openProject(flags);
}

/** The flags of a verb that looks only at this machine's own files, whichever store they are shared through. */
export function alone({ dataDir }: ProjectFlags): ProjectFlags {
  return { dataDir, store: '' };
}
