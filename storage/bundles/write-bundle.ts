import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { pack, type Pack } from 'tar-stream';

import { DomainError } from '../../domain/domain-error.js';
import { canonicalJson } from '../../domain/plan/key.js';
import { hasErrorCode } from '../files/file-errors.js';
import { objectPath, type DataFolder } from '../store/data-folder.js';
import type { LogInspection } from '../store/log-inspection.js';
import { linesOf } from '../store/log-lines.js';
import { sweepFolder } from '../sweeps/sweep-records.js';
import { headerName, logName, sweepFiles, type BundleHeader } from './bundle-format.js';
import { compressed } from './zstd.js';
import { readStoredFile } from '../files/stored-file.js';

interface Entry {
  readonly name: string;
  readonly size: number;
  /** Its bytes, or where they are and their SHA-256. */
  readonly content: Buffer | { readonly path: string; readonly sha256: string };
}

export interface WrittenBundle {
  readonly head: string;
  readonly objects: number;
  /** Of all entries, before compression. */
  readonly bytes: number;
  readonly fileBytes: number;
}

/**
 * Writes one file with a sweep, the objects it needs and the log: a tar file in Zstandard. The same content gives the same
 * bytes. It has its name only once it is complete. STORE_CORRUPT, naming it, if an object is missing or damaged.
 */
export async function writeBundle(
  folder: DataFolder,
  {
    path,
    sweep,
    objects,
    log,
  }: {
    readonly path: string;
    readonly sweep: string;
    readonly objects: ReadonlySet<string>;
    readonly log: Pick<LogInspection, 'digests'>;
  },
  onBytes: (done: number, of: number) => void,
): Promise<WrittenBundle> {
  const head = log.digests.at(-1) ?? '';
  const entries = [
    await logEntry(folder, log.digests.length),
    ...(await sweepEntries(folder, sweep)),
    ...(await objectEntries(folder, objects)),
  ];
  const bytes = entries.reduce((sum, { size }) => sum + size, 0);
  const header: BundleHeader = { version: 1, sweep, head, entries: entries.length, bytes };
  const text = Buffer.from(canonicalJson(header));
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const tar = pack();
    const filled = fill(tar, [{ name: headerName, size: text.length, content: text }, ...entries], (done) => {
      onBytes(Math.min(done, bytes), bytes);
    });
    filled.catch((error: unknown) => tar.destroy(error as Error));
    const file = createWriteStream(temporary, { flags: 'wx', mode: 0o600, flush: true });
    await pipeline(compressed(tar as AsyncIterable<Uint8Array>), file);
    await filled;
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return { head, objects: objects.size, bytes, fileBytes: (await stat(path)).size };
}

async function fill(tar: Pack, entries: readonly Entry[], onBytes: (done: number) => void): Promise<void> {
  let done = 0;
  for (const { name, size, content } of entries) {
    const fixed = { name, size, mode: 0o644, mtime: new Date(0), uid: 0, gid: 0 };
    const entry = tar.entry(fixed);
    // An archive that is given up fails its open entry too; `pipeline` reports the cause.
    entry.on('error', () => undefined);
    const hash = createHash('sha256');
    const chunks = Buffer.isBuffer(content) ? [content] : createReadStream(content.path);
    for await (const chunk of chunks as AsyncIterable<Buffer>) {
      hash.update(chunk);
      done += chunk.length;
      onBytes(done);
      if (!entry.write(chunk)) await once(entry, 'drain');
    }
    if (!Buffer.isBuffer(content) && hash.digest('hex') !== content.sha256) {
      throw new DomainError('STORE_CORRUPT', `${content.path} is damaged; to see what depends on it: volbias verify`);
    }
    const ended = once(entry, 'finish');
    entry.end();
    await ended;
  }
  tar.finalize();
}

/** The complete lines that were inspected: others may have been appended since. */
async function logEntry({ lineageLog }: DataFolder, lines: number): Promise<Entry> {
  const kept: Buffer[] = [];
  for await (const { bytes } of linesOf(lineageLog)) {
    if (kept.length < 2 * lines) kept.push(Buffer.from(bytes), Buffer.from('\n'));
  }
  const content = Buffer.concat(kept);
  return { name: logName, size: content.length, content };
}

async function sweepEntries(folder: DataFolder, sweep: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const file of sweepFiles) {
    const content = await readStoredFile(join(sweepFolder(folder, sweep), file)).catch((error: unknown) => {
      // Without a result, no run of the sweep has ended.
      if (hasErrorCode(error, 'ENOENT')) return undefined;
      throw error;
    });
    if (content !== undefined) entries.push({ name: `sweeps/${sweep}/${file}`, size: content.length, content });
  }
  return entries;
}

async function objectEntries(folder: DataFolder, objects: ReadonlySet<string>): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const sha256 of [...objects].sort()) {
    const path = objectPath(folder, sha256);
    const size = await stat(path).then(
      (found) => found.size,
      () => undefined,
    );
    if (size === undefined) {
      const message = `${path} is missing, which the sweep needs; to see what is lost: volbias verify`;
      throw new DomainError('STORE_CORRUPT', message);
    }
    entries.push({ name: `objects/${sha256}`, size, content: { path, sha256 } });
  }
  return entries;
}
