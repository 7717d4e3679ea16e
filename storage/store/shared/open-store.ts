import { bytesOf } from '../../../domain/byte-size.js';
import type { ArtifactStore } from '../artifact-store.js';
import { dataFolderAt, type DataFolder } from '../data-folder.js';
import { LineageLog } from '../lineage-log.js';
import { LocalArtifactStore } from '../local-artifact-store.js';
import { defaultCacheBytes } from './object-cache.js';
import { s3PlaceOf } from './s3-address.js';
import { S3Objects } from './s3-objects.js';
import { SharedArtifactStore } from './shared-artifact-store.js';
import { SharedLineageLog } from './shared-lineage-log.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A data folder, which shares the store that VOLBIAS_STORE names with other machines; on its own without that. ARGUMENT_INVALID
 * if it is not an address of S3.
 */
export function dataFolderIn(path: string, environment: Environment): DataFolder {
  const { VOLBIAS_STORE: address } = environment;
  if (address === undefined || address === '') return dataFolderAt(path);
  return dataFolderAt(path, new S3Objects(address, s3PlaceOf(address), environment));
}

/** The log of a data folder; reading it joins those of all machines that share its store. */
export function lineageOf(folder: DataFolder): LineageLog {
  return folder.shared === undefined ? new LineageLog(folder.lineageLog) : new SharedLineageLog(folder, folder.shared);
}

/** The store of a data folder and its log. VOLBIAS_CACHE_SIZE limits what a shared one keeps here. */
export function openStore(
  folder: DataFolder,
  environment: Environment,
): { readonly store: ArtifactStore; readonly lineage: LineageLog } {
  const { shared } = folder;
  if (shared === undefined) {
    const lineage = new LineageLog(folder.lineageLog);
    return { lineage, store: new LocalArtifactStore(folder, lineage) };
  }
  const lineage = new SharedLineageLog(folder, shared);
  return { lineage, store: new SharedArtifactStore(folder, shared, lineage, cacheBytes(environment)) };
}

function cacheBytes({ VOLBIAS_CACHE_SIZE: text }: Environment): number {
  return text === undefined || text === '' ? defaultCacheBytes : bytesOf('VOLBIAS_CACHE_SIZE', text);
}
