import { dataFolderAt, type DataFolder } from '../storage/store/data-folder.js';
import { LineageLog } from '../storage/store/lineage-log.js';
import { LocalArtifactStore } from '../storage/store/local-artifact-store.js';
import type { ArtifactStore } from '../storage/store/artifact-store.js';

/** A project's data folder with its store and its lineage. */
export interface Project {
  readonly folder: DataFolder;
  readonly store: ArtifactStore;
  readonly lineage: LineageLog;
}

/** Opens the data folder: `--data-dir`, else VOLBIAS_DATA_DIR, else .volbias in the current folder. */
export function openProject(dataDir: string | undefined): Project {
  const folder = dataFolderAt(dataDir ?? process.env.VOLBIAS_DATA_DIR ?? '.volbias');
  const lineage = new LineageLog(folder.lineageLog);
  return { folder, lineage, store: new LocalArtifactStore(folder, lineage) };
}

/**
 * Opens the data folder for a verb that writes only there: what it and its processes create is for this user alone, because
 * it shows images, case ids and the key of the engine.
 */
export function openPrivateProject(dataDir: string | undefined): Project {
  process.umask(0o077);
  return openProject(dataDir);
}
