import { rm } from 'node:fs/promises';

import type { ArtifactRef } from '../../../contracts/artifacts.js';
import { DomainError } from '../../../domain/domain-error.js';
import { canonicalJson } from '../../../domain/plan/key.js';
import { parsed } from '../../files/parsed.js';
import {
  artifactRef,
  fileIn,
  manifestIn,
  type ArtifactContent,
  type ArtifactManifest,
  type ArtifactStore,
  type PutOptions,
  type StoredBlob,
} from '../artifact-store.js';
import { indexPath, objectPath, type DataFolder } from '../data-folder.js';
import { sha256Of } from '../log-lines.js';
import { LocalArtifactStore } from '../local-artifact-store.js';
import type { WorkRecord } from '../work-records.js';
import { ObjectCache } from './object-cache.js';
import type { RemoteObjects } from './remote-objects.js';
import type { SharedLineageLog } from './shared-lineage-log.js';

const objectName = (digest: string): string => `objects/${digest.slice(0, 2)}/${digest}`;
const indexName = (key: string): string => `index/${key.slice(0, 2)}/${key}.json`;

interface FoundRecord {
  /** Undefined if the record is damaged, or that of other work. */
  readonly ref: ArtifactRef | undefined;
  readonly version: string;
}

/**
 * A store that several machines share, over the data folder of this one. The folder is a cache, and keeps what was made here
 * until the store has it. The store has a result once its index names it: objects come first, then the lines of the log, then
 * the record of the index. Of two machines that have done the same work, the first to record its result decides, and the
 * other goes on with that one, so that all steps that follow have the same input.
 */
export class SharedArtifactStore implements ArtifactStore {
  private readonly local: LocalArtifactStore;
  private readonly cache: ObjectCache;

  constructor(
    private readonly folder: DataFolder,
    private readonly remote: RemoteObjects,
    private readonly lineage: SharedLineageLog,
    cacheBytes: number,
  ) {
    this.local = new LocalArtifactStore(folder, lineage);
    this.cache = new ObjectCache(folder, cacheBytes, async (digest, size) => {
      return (await remote.size(objectName(digest))) === size;
    });
  }

  async find(key: string): Promise<ArtifactRef | undefined> {
    const record = await this.recordOf(key);
    if (record?.ref === undefined) return this.share(key);
    return (await this.isComplete(record.ref.digest)) ? record.ref : undefined;
  }

  async put(work: WorkRecord, content: ArtifactContent, options: PutOptions = {}): Promise<ArtifactRef> {
    const files: Record<string, StoredBlob> = {};
    for (const [name, file] of Object.entries(content.files)) {
      files[name] = file instanceof Uint8Array ? await this.putBlob(file) : file;
    }
    const ref = await this.local.put(work, { files, summary: content.summary });
    await this.upload(ref.digest, await this.local.readBlob(ref.digest));
    await this.lineage.publish();
    return this.record(ref, options);
  }

  manifest(digest: string): Promise<ArtifactManifest> {
    return manifestIn(this, digest);
  }

  readFile(manifest: ArtifactManifest, name: string): Promise<Uint8Array> {
    return fileIn(this, manifest, name);
  }

  async putBlob(bytes: Uint8Array): Promise<StoredBlob> {
    const blob = await this.local.putBlob(bytes);
    await this.upload(blob.digest, bytes);
    await this.cache.grownBy(blob.size);
    return blob;
  }

  async readBlob(digest: string, remedy = '; the next run recomputes it'): Promise<Uint8Array> {
    const cached = await this.cached(digest);
    if (cached !== undefined) {
      await this.cache.use(digest);
      return cached;
    }
    // Twice, because bytes may also be damaged on their way.
    for (const last of [false, true]) {
      const found = await this.remote.get(objectName(digest));
      if (found === undefined) break;
      if (sha256Of(found.bytes) === digest) {
        await this.cache.keep(digest, found.bytes);
        return found.bytes;
      }
      if (!last) continue;
      const kept = await this.remote.setAside(objectName(digest));
      const message = `object ${digest} of the store is damaged: its bytes do not match its SHA-256`;
      throw new DomainError('STORE_CORRUPT', `${message}; it was moved to ${kept} of ${this.remote.address}${remedy}`);
    }
    const message = `object ${digest} is missing from the store at ${this.remote.address}${remedy}`;
    throw new DomainError('STORE_CORRUPT', message);
  }

  async disown({ key, digest }: Pick<ArtifactRef, 'key' | 'digest'>): Promise<void> {
    await this.local.disown({ key, digest });
    if ((await this.recordOf(key))?.ref?.digest === digest) await this.remote.setAside(indexName(key));
  }

  private async recordOf(key: string): Promise<FoundRecord | undefined> {
    // Its path here is checked: it may come from outside.
    indexPath(this.folder, key);
    const name = indexName(key);
    const found = await this.remote.get(name);
    if (found === undefined) return undefined;
    try {
      const ref = parsed(artifactRef, found.bytes, name);
      return { ref: ref.key === key ? ref : undefined, version: found.version };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { ref: undefined, version: found.version };
    }
  }

  /** Records a result, unless another of the same work is there: then returns that one. */
  private async record(ref: ArtifactRef, { replaces = false }: PutOptions): Promise<ArtifactRef> {
    const name = indexName(ref.key);
    const bytes = Buffer.from(`${canonicalJson(ref)}\n`);
    for (;;) {
      const found = await this.recordOf(ref.key);
      if (found?.ref?.digest === ref.digest) return ref;
      if (found?.ref !== undefined && !replaces && (await this.isComplete(found.ref.digest))) {
        // Nobody looks for this result again; its line of the log stays.
        await rm(indexPath(this.folder, ref.key), { force: true });
        return found.ref;
      }
      if (await this.remote.putIf(found?.version, name, bytes)) return ref;
    }
  }

  /** Gives the store a result that only this folder has: made before it shared the store, or just before a crash. */
  private async share(key: string): Promise<ArtifactRef | undefined> {
    const ref = await this.local.find(key);
    if (ref === undefined) return undefined;
    try {
      const { files } = await this.local.manifest(ref.digest);
      for (const digest of [...Object.values(files).map((file) => file.digest), ref.digest]) {
        await this.upload(digest, await this.local.readBlob(digest));
      }
    } catch (error) {
      // It is damaged, and put aside.
      if (error instanceof DomainError && error.code === 'STORE_CORRUPT') return undefined;
      throw error;
    }
    await this.lineage.publish();
    return this.record(ref, {});
  }

  private async isComplete(digest: string): Promise<boolean> {
    try {
      const { files } = await this.manifest(digest);
      const parts = [...Object.values(files), { digest, size: undefined }];
      return !(await Promise.all(parts.map((part) => this.holds(part.digest, part.size)))).includes(false);
    } catch (error) {
      if (error instanceof DomainError && error.code === 'STORE_CORRUPT') return false;
      throw error;
    }
  }

  /** Whether the store has an object of this size, or gets it now from this folder. */
  private async holds(digest: string, size: number | undefined): Promise<boolean> {
    const found = await this.remote.size(objectName(digest));
    if (found !== undefined && (size === undefined || found === size)) return true;
    const cached = await this.cached(digest);
    if (cached === undefined && found !== undefined) await this.remote.setAside(objectName(digest));
    if (cached === undefined) return false;
    await this.upload(digest, cached);
    return true;
  }

  /** Gives the store an object, unless one of this size is there; whether its bytes are sound, those see who read it. */
  private async upload(digest: string, bytes: Uint8Array): Promise<void> {
    const name = objectName(digest);
    const size = await this.remote.size(name);
    if (size === bytes.length) return;
    if (size !== undefined) await this.remote.setAside(name);
    await this.remote.putIf(undefined, name, bytes);
  }

  /** The bytes of an object, if this folder has them undamaged. */
  private async cached(digest: string): Promise<Uint8Array | undefined> {
    objectPath(this.folder, digest);
    return this.local.readBlob(digest).catch((error: unknown) => {
      if (error instanceof DomainError && error.code === 'STORE_CORRUPT') return undefined;
      throw error;
    });
  }
}
