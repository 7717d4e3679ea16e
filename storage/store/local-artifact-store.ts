import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ArtifactRef } from '../../contracts/artifacts.js';
import { DomainError } from '../../domain/domain-error.js';
import { canonicalJson } from '../../domain/plan/key.js';
import type { ArtifactContent, ArtifactManifest, ArtifactStore, StoredBlob, WorkRecord } from './artifact-store.js';
import { writeFileAtomically } from '../files/atomic-file.js';
import type { DataFolder } from './data-folder.js';
import { hasErrorCode } from '../files/file-errors.js';
import type { LineageLog } from './lineage-log.js';

export function sha256Hex(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The digest that an artifact of these files and this summary has. */
export function manifestDigest(manifest: ArtifactManifest): string {
  return sha256Hex(canonicalJson(manifest));
}

const digestPattern = /^[0-9a-f]{64}$/;

/** The store in a local folder: objects/ab/abcd… by content, index/ab/abcd….json by key. */
export class LocalArtifactStore implements ArtifactStore {
  constructor(
    private readonly folder: DataFolder,
    private readonly lineage: LineageLog,
  ) {}

  async find(key: string): Promise<ArtifactRef | undefined> {
    let text: string;
    try {
      text = await readFile(this.indexPath(key), 'utf8');
    } catch (error) {
      if (hasErrorCode(error, 'ENOENT')) return undefined;
      throw error;
    }
    const ref = JSON.parse(text) as ArtifactRef;
    // A record of which anything has been deleted by hand is no artifact: the work is done again.
    return (await this.isComplete(ref.digest)) ? ref : undefined;
  }

  private async isComplete(digest: string): Promise<boolean> {
    if (!existsSync(this.objectPath(digest))) return false;
    const { files } = await this.manifest(digest);
    return Object.values(files).every((file) => existsSync(this.objectPath(file.digest)));
  }

  async put(work: WorkRecord, content: ArtifactContent): Promise<ArtifactRef> {
    const files: Record<string, StoredBlob> = {};
    for (const [name, file] of Object.entries(content.files)) {
      files[name] = file instanceof Uint8Array ? await this.putBlob(file) : file;
    }
    const { digest } = await this.putBlob(Buffer.from(canonicalJson({ files, summary: content.summary })));
    const ref: ArtifactRef = { step: work.step, key: work.key, digest };
    const known = await this.find(work.key);
    if (known?.digest === digest) return known;
    await this.lineage.append('artifact', { ...work, digest });
    await writeFileAtomically(this.indexPath(work.key), `${canonicalJson(ref)}\n`);
    return ref;
  }

  async manifest(digest: string): Promise<ArtifactManifest> {
    return JSON.parse(Buffer.from(await this.readBlob(digest)).toString('utf8')) as ArtifactManifest;
  }

  async readFile(manifest: ArtifactManifest, name: string): Promise<Uint8Array> {
    const file = manifest.files[name];
    if (file === undefined) throw new DomainError('STORE_CORRUPT', `the artifact has no file "${name}"`);
    return this.readBlob(file.digest);
  }

  async putBlob(bytes: Uint8Array): Promise<StoredBlob> {
    const digest = sha256Hex(bytes);
    if (!existsSync(this.objectPath(digest))) await writeFileAtomically(this.objectPath(digest), bytes);
    return { digest, size: bytes.byteLength };
  }

  async readBlob(digest: string): Promise<Uint8Array> {
    let bytes: Uint8Array;
    try {
      bytes = await readFile(this.objectPath(digest));
    } catch (error) {
      if (!hasErrorCode(error, 'ENOENT')) throw error;
      throw new DomainError(
        'STORE_CORRUPT',
        `object ${digest} is missing from the store at ${this.folder.objects}; run again, and it is made again`,
      );
    }
    if (sha256Hex(bytes) !== digest) {
      throw new DomainError(
        'STORE_CORRUPT',
        `object ${digest} in ${this.folder.objects} has other bytes than its name says; delete it and run again`,
      );
    }
    return bytes;
  }

  private objectPath(digest: string): string {
    return join(this.folder.objects, shard(digest), digest);
  }

  private indexPath(key: string): string {
    return join(this.folder.index, shard(key), `${key}.json`);
  }
}

function shard(digest: string): string {
  if (!digestPattern.test(digest)) throw new DomainError('STORE_CORRUPT', `"${digest}" is not a SHA-256 digest`);
  return digest.slice(0, 2);
}
