import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { extract, type Entry } from 'tar-stream';

import { DomainError } from '../../domain/domain-error.js';
import { faultOf, jsonOf } from '../files/parsed.js';
import { objectPath, type DataFolder } from '../store/data-folder.js';
import { writeHead } from '../store/log-lines.js';
import { sweepFolder } from '../sweeps/sweep-records.js';
import {
  bundleHeader,
  headerName,
  invalidBundle,
  mostHeaderBytes,
  placeInBundle,
  type BundleHeader,
} from './bundle-format.js';
import { decompressed } from './zstd.js';

/** What tar adds to an entry: its own header, and up to a block of zeros. */
const overheadPerEntry = 1024;
/** Before the header is read, and for the end of the archive. */
const overhead = 1 << 20;

/**
 * Unpacks a bundle into an empty data folder, the staging area. The bundle may come from anybody: only ordinary files with
 * the names of a bundle are taken, each once, objects in the order of their digests and only with the bytes that these
 * stand for, and no more than the header says. FILE_FORMAT_INVALID for anything else.
 */
export async function unpackBundle(
  path: string,
  staging: DataFolder,
  onBytes: (done: number, of: number) => void,
): Promise<BundleHeader> {
  let header: BundleHeader | undefined;
  let [limit, unpacked] = [overhead, 0];
  const count = (bytes: number): void => {
    unpacked += bytes;
    if (unpacked > limit) throw invalidBundle(path, `it unpacks to more than the ${limit} bytes that it may have`);
    if (header !== undefined) onBytes(Math.min(unpacked, header.bytes), header.bytes);
  };
  const tar = extract();
  const fed = pipeline(decompressed(createReadStream(path), count), tar);
  // Also where the loop below ends early; what went wrong is thrown there.
  fed.catch(() => undefined);
  let [entries, bytes, previous] = [0, 0, ''];
  try {
    for await (const entry of tar) {
      const { name } = entry.header;
      if (header === undefined) {
        header = await headerIn(path, entry);
        limit = header.bytes + header.entries * overheadPerEntry + overhead;
        await expectRoom(path, staging, header.bytes);
        continue;
      }
      entries++;
      bytes += entry.header.size ?? 0;
      if (entry.header.type !== 'file') throw invalidBundle(path, `${name} is no ordinary file`);
      const place = placeInBundle(name, header);
      if (place === undefined) throw invalidBundle(path, `it has an entry named ${JSON.stringify(name)}`);
      if (place <= previous) throw invalidBundle(path, `${name} comes twice or out of order`);
      previous = place;
      await writeEntry(path, entry, fileOf(staging, header, name));
    }
    await fed;
  } catch (error) {
    if (error instanceof DomainError) throw error;
    if (error instanceof Error && 'syscall' in error) throw error;
    throw invalidBundle(path, `it is damaged or cut off (${error instanceof Error ? error.message : String(error)})`);
  }
  if (header === undefined) throw invalidBundle(path, 'it is empty');
  if (entries !== header.entries || bytes !== header.bytes) {
    throw invalidBundle(
      path,
      `it has ${entries} entries of ${bytes} bytes, and not the ${header.entries} of ${header.bytes} that it should have`,
    );
  }
  await writeHead(staging.lineageLog, header.head);
  return header;
}

async function headerIn(path: string, entry: Entry): Promise<BundleHeader> {
  const { name, size = 0 } = entry.header;
  if (name !== headerName || size > mostHeaderBytes) throw invalidBundle(path, 'it is no bundle of volbias');
  const chunks: Buffer[] = [];
  for await (const chunk of entry as AsyncIterable<Buffer>) chunks.push(chunk);
  const value = jsonOf(Buffer.concat(chunks));
  const { success, data, error } = bundleHeader.safeParse(value);
  if (success) return data;
  throw invalidBundle(path, `its header is not as expected: ${value === undefined ? 'no JSON' : faultOf(error)}`);
}

async function expectRoom(path: string, { root }: DataFolder, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(root);
  if (bytes <= bavail * bsize) return;
  throw invalidBundle(path, `it unpacks to ${bytes} bytes, and the disk of ${root} has ${bavail * bsize} left`);
}

function fileOf(staging: DataFolder, { sweep }: BundleHeader, name: string): string {
  const [, object] = /^objects\/(.*)$/.exec(name) ?? [];
  if (object !== undefined) return objectPath(staging, object);
  const [, file] = /^sweeps\/[^/]+\/(.*)$/.exec(name) ?? [];
  return file === undefined ? staging.lineageLog : join(sweepFolder(staging, sweep), file);
}

async function writeEntry(path: string, entry: Entry, place: string): Promise<void> {
  await mkdir(dirname(place), { recursive: true });
  const hash = createHash('sha256');
  const hashed = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      hash.update(chunk);
      yield chunk;
    }
  };
  await pipeline(
    Readable.from(hashed(entry as AsyncIterable<Buffer>)),
    createWriteStream(place, { flags: 'wx', flush: true }),
  );
  const { name } = entry.header;
  if (name.startsWith('objects/') && name !== `objects/${hash.digest('hex')}`) {
    throw invalidBundle(path, `${name} has other bytes than its name says`);
  }
}
