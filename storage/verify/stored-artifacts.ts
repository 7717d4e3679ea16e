import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { ArtifactRef } from '../../contracts/artifacts.js';
import { digestPattern } from '../../contracts/patterns.js';
import { DomainError } from '../../domain/domain-error.js';
import { hasErrorCode } from '../files/file-errors.js';
import { parsed } from '../files/parsed.js';
import { readStoredFile } from '../files/stored-file.js';
import { artifactManifest, artifactRef, type ArtifactManifest } from '../store/artifact-store.js';
import { objectPath, type DataFolder } from '../store/data-folder.js';

/** A record of the index; without `ref` if it is damaged, and then `problem` says how. */
export interface IndexRecord {
  readonly path: string;
  readonly ref?: ArtifactRef;
  readonly problem?: string;
}

/** All records of the index, in the order of their keys. */
export async function readIndex({ index }: DataFolder): Promise<IndexRecord[]> {
  const records: IndexRecord[] = [];
  for (const { name, path } of await shardedFiles(index)) {
    const key = name.replace(/\.json$/, '');
    // What a crash has left half-written, and what is not volbias'.
    if (key === name || !digestPattern.test(key)) continue;
    try {
      const ref = parsed(artifactRef, await readStoredFile(path), 'the record');
      records.push(ref.key === key ? { path, ref } : { path, problem: 'it is the record of other work' });
    } catch (error) {
      if (error instanceof DomainError) records.push({ path, problem: error.message });
      else if (hasErrorCode(error, 'EISDIR')) records.push({ path, problem: 'it is a folder' });
      else throw error;
    }
  }
  return records;
}

/** The files in the two-digit folders of objects/ or index/, in order. */
export async function shardedFiles(root: string): Promise<{ name: string; path: string }[]> {
  const files: { name: string; path: string }[] = [];
  for (const shard of await namesIn(root)) {
    const names = await namesIn(join(root, shard));
    files.push(...names.map((name) => ({ name, path: join(root, shard, name) })));
  }
  return files;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT') || hasErrorCode(error, 'ENOTDIR')) return [];
    throw error;
  }
}

/** A manifest as it lies in the store, whose digest is not checked here; undefined if it is missing or damaged. */
export async function readManifest(folder: DataFolder, digest: string): Promise<ArtifactManifest | undefined> {
  try {
    return parsed(artifactManifest, await readStoredFile(objectPath(folder, digest)), digest);
  } catch {
    return undefined;
  }
}
