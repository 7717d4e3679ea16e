import { dataFolderIn } from '../../../storage/store/shared/open-store.js';
import { SharedArtifactStore } from '../../../storage/store/shared/shared-artifact-store.js';
import { SharedLineageLog } from '../../../storage/store/shared/shared-lineage-log.js';
import type { RemoteObjects } from '../../../storage/store/shared/remote-objects.js';
import type { DataFolder } from '../../../storage/store/data-folder.js';
import type { S3Server } from '../s3-server.js';

/** The data folder of a machine that shares a store. */
export interface SharedFolder {
  readonly folder: DataFolder;
  readonly lineage: SharedLineageLog;
  readonly store: SharedArtifactStore;
  readonly remote: RemoteObjects;
}

/** Opens a machine's data folder; the server's credentials must be in this process's environment. */
export function openSharedFolder(path: string, { address }: S3Server, cacheBytes = 1e9): SharedFolder {
  const folder = dataFolderIn(path, { ...process.env, VOLBIAS_STORE: address });
  const { shared: remote } = folder;
  if (remote === undefined) throw new Error('the folder shares no store');
  const lineage = new SharedLineageLog(folder, remote);
  return { folder, remote, lineage, store: new SharedArtifactStore(folder, remote, lineage, cacheBytes) };
}
