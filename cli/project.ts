import { dataFolderAt, type DataFolder } from '../storage/data-folder.js';
import { LineageLog } from '../storage/lineage-log.js';
import { LocalArtifactStore } from '../storage/local-artifact-store.js';
import type { ArtifactStore } from '../storage/artifact-store.js';

/** A project's data folder and its store. */
export interface Project {
  readonly folder: DataFolder;
  readonly store: ArtifactStore;
}

/** `--data-dir`, else VOLBIAS_DATA_DIR, else .volbias in the current folder. */
export function openProject(dataDir: string | undefined): Project {
  const folder = dataFolderAt(dataDir ?? process.env.VOLBIAS_DATA_DIR ?? '.volbias');
  return { folder, store: new LocalArtifactStore(folder, new LineageLog(folder.lineageLog)) };
}
