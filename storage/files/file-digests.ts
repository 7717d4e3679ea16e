import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

import { z } from 'zod';

import { digestPattern } from '../../contracts/patterns.js';
import { writeFileAtomically } from './atomic-file.js';
import { expectOrdinary } from './file-errors.js';
import { readStoredFile } from './stored-file.js';

const knownFile = z.strictObject({
  size: z.number(),
  modified: z.number(),
  /** Of the inode: unlike the modification time, no program can set it. */
  changed: z.number(),
  inode: z.number(),
  digest: z.string().regex(digestPattern),
});
const knownFiles = z.record(z.string(), knownFile);

type KnownFile = z.infer<typeof knownFile>;

/**
 * SHA-256 of input files, cached by path, size, times and inode, so that a second scan of a large data set reads no file.
 */
export class FileDigests {
  private known: Map<string, KnownFile> | undefined;
  private changed = false;

  constructor(private readonly path: string) {}

  async digestOf(file: string): Promise<string> {
    const { known, digest: remembered, ...found } = await this.look(file);
    if (remembered !== undefined) return remembered;
    const hash = createHash('sha256');
    await pipeline(createReadStream(file), hash);
    const digest = hash.digest('hex');
    known.set(file, { ...found, digest });
    this.changed = true;
    return digest;
  }

  /** Whether the digest is known, so that the file need not be read for it. */
  async has(file: string): Promise<boolean> {
    return (await this.look(file)).digest !== undefined;
  }

  /** Forgets the digest of a file that turned out to have other bytes. */
  async forget(file: string): Promise<void> {
    if (!(await this.load()).delete(file)) return;
    this.changed = true;
    await this.save();
  }

  async save(): Promise<void> {
    if (!this.changed || this.known === undefined) return;
    const entries = [...this.known].sort(([a], [b]) => (a < b ? -1 : 1));
    await writeFileAtomically(this.path, JSON.stringify(Object.fromEntries(entries)));
    this.changed = false;
  }

  private async look(file: string) {
    const known = await this.load();
    const found = await stat(file);
    expectOrdinary(file, found);
    const { size, mtimeMs: modified, ctimeMs: changed, ino: inode } = found;
    const before = known.get(file);
    const isSame =
      before?.size === size && before.modified === modified && before.changed === changed && before.inode === inode;
    return { known, size, modified, changed, inode, digest: isSame ? before.digest : undefined };
  }

  private async load(): Promise<Map<string, KnownFile>> {
    if (this.known === undefined) {
      try {
        this.known = new Map(Object.entries(knownFiles.parse(JSON.parse(String(await readStoredFile(this.path))))));
      } catch {
        // Only a cache: if it is missing or damaged, the files are read again.
        this.known = new Map();
      }
    }
    return this.known;
  }
}
