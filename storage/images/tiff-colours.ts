import type { FileHandle } from 'node:fs/promises';

import { openFile } from '../files/byte-source.js';
import { fileError } from '../files/file-errors.js';

/** Tag of the first directory that says what a sample means (TIFF 6.0, "PhotometricInterpretation"). */
const photometricTag = 262;

/** Directories with more entries than this are not searched. */
const mostEntries = 1000;

/**
 * Why the colours of a TIFF cannot be read as stored, or undefined. libvips would invert a picture in which 0 is white (as
 * some writers store masks), and replace the numbers of a palette by its colours, both unnoticed.
 */
export async function tiffColourProblem(path: string): Promise<string | undefined> {
  const photometric = await photometricOf(path);
  if (photometric === undefined) return 'its first directory is damaged or has no photometric interpretation';
  if (photometric === 0) return 'it stores white as 0 (photometric MinIsWhite); save it with black as 0 (MinIsBlack)';
  if (photometric === 3) return 'its pixels are numbers of a palette; save it as grey or RGB';
  return undefined;
}

interface Layout {
  readonly littleEndian: boolean;
  /** Offsets and counts have 8 bytes instead of 4 and 2. */
  readonly big: boolean;
}

function layoutOf(bytes: DataView): Layout | undefined {
  const littleEndian = bytes.getUint16(0) === 0x4949;
  const version = bytes.getUint16(2, littleEndian);
  if ((!littleEndian && bytes.getUint16(0) !== 0x4d4d) || (version !== 42 && version !== 43)) return undefined;
  return { littleEndian, big: version === 43 };
}

async function photometricOf(path: string): Promise<number | undefined> {
  return withFile(path, async (file) => {
    const head = await bytesAt(file, 0, 16);
    const layout = head && layoutOf(head);
    if (head === undefined || layout === undefined) return undefined;
    const { littleEndian, big } = layout;
    const start = big ? Number(head.getBigUint64(8, littleEndian)) : head.getUint32(4, littleEndian);
    const [countBytes, entryBytes, valueAt] = big ? [8, 20, 12] : [2, 12, 8];
    const counted = await bytesAt(file, start, countBytes);
    if (counted === undefined) return undefined;
    const count = big ? Number(counted.getBigUint64(0, littleEndian)) : counted.getUint16(0, littleEndian);
    const entries = await bytesAt(file, start + countBytes, Math.min(count, mostEntries) * entryBytes);
    if (entries === undefined) return undefined;
    for (let at = 0; at < entries.byteLength; at += entryBytes) {
      if (entries.getUint16(at, littleEndian) === photometricTag) return entries.getUint16(at + valueAt, littleEndian);
    }
    return undefined;
  });
}

/** The bytes at a position; undefined if the file ends before their end. */
async function bytesAt(file: FileHandle, position: number, length: number): Promise<DataView | undefined> {
  if (!Number.isSafeInteger(position)) return undefined;
  const bytes = new Uint8Array(length);
  const { bytesRead } = await file.read(bytes, 0, length, position);
  return bytesRead === length ? new DataView(bytes.buffer) : undefined;
}

async function withFile<T>(path: string, read: (file: FileHandle) => Promise<T>): Promise<T> {
  try {
    const { handle } = await openFile(path);
    try {
      return await read(handle);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileError(path, error);
  }
}
