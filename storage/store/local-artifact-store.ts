import { statSync } from 'node:fs';
import { utimes } from 'node:fs/promises';

import type { ArtifactRef } from '../../contracts/artifacts.js';
import { DomainError } from '../../domain/domain-error.js';
import { canonicalJson } from '../../domain/plan/key.js';
import { writeFileAtomically } from '../files/atomic-file.js';
import { hasErrorCode } from '../files/file-errors.js';
import { checked, parsed } from '../files/parsed.js';
import {
  artifactManifest,
  artifactRef,
  fileIn,
  manifestIn,
  type ArtifactContent,
  type ArtifactManifest,
  type ArtifactStore,
  type StoredBlob,
} from './artifact-store.js';
import { indexPath, objectPath, type DataFolder } from './data-folder.js';
import type { LineageLog } from './lineage-log.js';
import { sha256Of } from './log-lines.js';
import { putAside } from './quarantine.js';
import type { WorkRecord } from './work-records.js';
import { readStoredFile } from '../files/stored-file.js';

/** The digest of an artifact with these files and this summary. */
export function manifestDigest(manifest: ArtifactManifest): string {
  return sha256Of(Buffer.from(canonicalJson(manifest)));
}

/** A store in a local folder: objects/ab/abcd… by content, index/ab/abcd….json by key. */
export class LocalArtifactStore implements ArtifactStore {
  constructor(
    private readonly folder: DataFolder,
    private readonly lineage: LineageLog,
  ) {}

  async find(key: string): Promise<ArtifactRef | undefined> {
    const path = indexPath(this.folder, key);
    let text: string;
    try {
      text = (await readStoredFile(path)).toString('utf8');
    } catch (error) {
      if (hasErrorCode(error, 'ENOENT')) return undefined;
      if (!isNoFile(error)) throw error;
      await putAside(this.folder, path);
      return undefined;
    }
    try {
      const ref = parsed(artifactRef, text, path);
      // A record copied or restored to the wrong name would pass off one result as another.
      if (ref.key !== key) throw new DomainError('STORE_CORRUPT', `${path} is the record of other work`);
      // An artifact with missing parts counts as missing: it is recomputed.
      return (await this.isComplete(ref.digest)) ? ref : undefined;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      await putAside(this.folder, path);
      return undefined;
    }
  }

  /** Whether all parts exist with the right sizes. Their bytes are checked when they are read. */
  private async isComplete(digest: string): Promise<boolean> {
    if (sizeOf(objectPath(this.folder, digest)) === undefined) return false;
    const { files } = await this.manifest(digest);
    for (const file of Object.values(files)) {
      const path = objectPath(this.folder, file.digest);
      const size = sizeOf(path);
      if (size === undefined) return false;
      if (size !== file.size) {
        await putAside(this.folder, path);
        return false;
      }
    }
    return true;
  }

  async put(work: WorkRecord, content: ArtifactContent): Promise<ArtifactRef> {
    const files: Record<string, StoredBlob> = {};
    for (const [name, file] of Object.entries(content.files)) {
      files[name] = file instanceof Uint8Array ? await this.putBlob(file) : file;
    }
    const manifest = checked(artifactManifest, { files, summary: content.summary }, `what ${work.unit} made`);
    const { digest } = await this.putBlob(Buffer.from(canonicalJson(manifest)));
    const ref = checked(artifactRef, { step: work.step, key: work.key, digest }, `the record of ${work.unit}`);
    const known = await this.find(work.key);
    if (known?.digest === digest) return known;
    await this.lineage.append('artifact', { ...work, digest });
    await writeFileAtomically(indexPath(this.folder, work.key), `${canonicalJson(ref)}\n`);
    return ref;
  }

  manifest(digest: string): Promise<ArtifactManifest> {
    return manifestIn(this, digest);
  }

  readFile(manifest: ArtifactManifest, name: string): Promise<Uint8Array> {
    return fileIn(this, manifest, name);
  }

  async putBlob(bytes: Uint8Array): Promise<StoredBlob> {
    const digest = sha256Of(bytes);
    const path = objectPath(this.folder, digest);
    if (!(await this.holds(path, digest)) || !(await isTouched(path))) await writeFileAtomically(path, bytes);
    return { digest, size: bytes.byteLength };
  }

  /** Whether a file has these bytes. One that has others is put aside. */
  private async holds(path: string, digest: string): Promise<boolean> {
    const present = await readStoredFile(path).catch((error: unknown) => {
      if (hasErrorCode(error, 'ENOENT')) return undefined;
      if (isNoFile(error)) return new Uint8Array(0);
      throw error;
    });
    if (present === undefined) return false;
    if (sha256Of(present) === digest) return true;
    await putAside(this.folder, path);
    return false;
  }

  async readBlob(digest: string, remedy = '; the next run recomputes it'): Promise<Uint8Array> {
    const path = objectPath(this.folder, digest);
    let bytes: Uint8Array;
    try {
      bytes = await readStoredFile(path);
    } catch (error) {
      if (!hasErrorCode(error, 'ENOENT') && !isNoFile(error)) throw error;
      if (isNoFile(error)) await putAside(this.folder, path);
      const message = `object ${digest} is missing from the store at ${this.folder.objects}${remedy}`;
      throw new DomainError('STORE_CORRUPT', message);
    }
    if (sha256Of(bytes) === digest) return bytes;
    const kept = await putAside(this.folder, path);
    const message = `object ${digest} of the store is damaged: its bytes do not match its SHA-256`;
    throw new DomainError('STORE_CORRUPT', `${message}; it was moved to ${kept}${remedy}`);
  }

  async disown({ key, digest }: Pick<ArtifactRef, 'key' | 'digest'>): Promise<void> {
    if ((await this.find(key))?.digest === digest) await putAside(this.folder, indexPath(this.folder, key));
  }
}

/** Whether what lies at a file's place is none: a folder, a pipe or a device. */
function isNoFile(error: unknown): boolean {
  return hasErrorCode(error, 'EISDIR') || (error instanceof DomainError && error.code === 'FILE_UNREADABLE');
}

/** Marks a file as used now, so that no garbage collection removes it; false if one has just done so. */
async function isTouched(path: string): Promise<boolean> {
  const now = new Date();
  try {
    await utimes(path, now, now);
    return true;
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return false;
    throw error;
  }
}

/** Blocks: for the thousands of files of a sweep, that takes a fifth of the time. */
function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}
