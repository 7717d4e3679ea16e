import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach } from 'node:test';

import { dataFolderIn } from '../../../storage/store/shared/open-store.js';
import { SharedArtifactStore } from '../../../storage/store/shared/shared-artifact-store.js';
import { SharedLineageLog } from '../../../storage/store/shared/shared-lineage-log.js';
import type { RemoteObjects } from '../../../storage/store/shared/remote-objects.js';
import type { DataFolder } from '../../../storage/store/data-folder.js';
import { startS3Server, type S3Program, type S3Server } from '../s3-server.js';
import { temporaryFolderOfFile } from '../temporary-folder.js';

/** The data folder of a machine that shares a store. */
export interface SharedFolder {
  readonly folder: DataFolder;
  readonly lineage: SharedLineageLog;
  readonly store: SharedArtifactStore;
  readonly remote: RemoteObjects;
}

/** Opens a machine's data folder; the server's credentials must be in this process's environment. */
export function openSharedFolder(path: string, address: string, cacheBytes = 1e9): SharedFolder {
  const folder = dataFolderIn(path, { ...process.env, VOLBIAS_STORE: address });
  const { shared: remote } = folder;
  if (remote === undefined) throw new Error('the folder shares no store');
  const lineage = new SharedLineageLog(folder, remote);
  return { folder, remote, lineage, store: new SharedArtifactStore(folder, remote, lineage, cacheBytes) };
}

/** Machines of a `describe`, which share a store that each of its tests finds empty. */
export interface SharedMachines {
  /** Where the data folder of a machine is. */
  readonly folderOf: (name: string) => string;
  /** Opens the data folder of a machine, which other machines of the test have not. */
  readonly machine: (name: string, cacheBytes?: number) => SharedFolder;
  /** The folder in which the objects of this test's store lie as files. */
  readonly files: () => string;
}

/** Starts a server before the tests of a `describe`, and stops it after them. */
export function sharedMachines(program: S3Program, name: string): SharedMachines {
  const root = temporaryFolderOfFile(name);
  let started: S3Server | undefined;
  let tests = 0;
  const server = (): S3Server => {
    if (started === undefined) throw new Error('the S3 server has not started');
    return started;
  };
  before(async () => {
    started = await startS3Server('path' in program ? program.path : '', join(root, 's3'));
    Object.assign(process.env, started.environment);
  });
  after(async () => {
    await server().stop();
    await rm(root, { recursive: true, force: true });
  });
  beforeEach(() => {
    tests++;
  });
  const folderOf = (own: string): string => join(root, `${own}-${tests}`);
  return {
    folderOf,
    machine: (own, cacheBytes) => openSharedFolder(folderOf(own), `${server().address}/${tests}`, cacheBytes),
    files: () => join(server().files, String(tests)),
  };
}
