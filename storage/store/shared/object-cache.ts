import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

import { digestPattern } from '../../../contracts/patterns.js';
import { writeFileAtomically } from '../../files/atomic-file.js';
import { hasErrorCode, isDiskFull } from '../../files/file-errors.js';
import { objectPath, type DataFolder } from '../data-folder.js';

/** 20 GB. */
export const defaultCacheBytes = 20e9;

interface CachedObject {
  readonly path: string;
  readonly digest: string;
  readonly size: number;
  readonly usedAt: number;
}

/**
 * Keeps the objects of a data folder that shares a store within a number of bytes: removes those that were used longest ago,
 * and never one that the store does not have. Several processes may fill one folder, each of which looks at the whole after
 * every sixteenth of the limit that it has added itself.
 */
export class ObjectCache {
  /** What this process has added since it last looked; at first it does not know what is there. */
  private added = Infinity;
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly folder: DataFolder,
    private readonly limitBytes: number,
    private readonly isShared: (digest: string, size: number) => Promise<boolean>,
  ) {}

  /** Keeps bytes that were downloaded, if the disk has room for them. */
  async keep(digest: string, bytes: Uint8Array): Promise<void> {
    try {
      await writeFileAtomically(objectPath(this.folder, digest), bytes);
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      return;
    }
    await this.grownBy(bytes.length);
  }

  /** Marks an object as used now. */
  async use(digest: string): Promise<void> {
    const now = new Date();
    await utimes(objectPath(this.folder, digest), now, now).catch(unlessGone);
  }

  /** Makes room if so many bytes, which were added, make it necessary. */
  grownBy(bytes: number): Promise<void> {
    this.added += bytes;
    if (this.added <= this.limitBytes / 16) return this.turn;
    this.added = 0;
    // A store that does not answer is no reason to fail: the folder is larger for a while.
    this.turn = this.turn.then(() => this.makeRoom()).catch(() => void (this.added = Infinity));
    return this.turn;
  }

  private async makeRoom(): Promise<void> {
    const objects = await cachedObjects(this.folder);
    let total = objects.reduce((sum, { size }) => sum + size, 0);
    for (const { path, digest, size } of objects.sort((a, b) => a.usedAt - b.usedAt)) {
      if (total <= this.limitBytes) return;
      if (!(await this.isShared(digest, size))) continue;
      await rm(path, { force: true });
      total -= size;
    }
  }
}

async function cachedObjects({ objects }: DataFolder): Promise<CachedObject[]> {
  const entries = await readdir(objects, { recursive: true, withFileTypes: true }).catch(unlessGone);
  const found = (entries ?? []).filter((entry) => entry.isFile() && digestPattern.test(entry.name));
  const known = found.map(async ({ name, parentPath }): Promise<CachedObject[]> => {
    const path = join(parentPath, name);
    const facts = await stat(path).catch(unlessGone);
    return facts === undefined ? [] : [{ path, digest: name, size: facts.size, usedAt: facts.mtimeMs }];
  });
  return (await Promise.all(known)).flat();
}

function unlessGone(error: unknown): undefined {
  if (!hasErrorCode(error, 'ENOENT')) throw error;
}
