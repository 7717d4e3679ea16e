import { open, stat, type FileHandle } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createGunzip, createInflate, type Gunzip, type Inflate } from 'node:zlib';
import { expectOrdinary, fileError } from './file-errors.js';
import type { SeenBytes } from './seen-bytes.js';

/** No deflate stream expands by more than this factor (1032:1, zlib's technical details). */
const largestExpansion = 1032;

/**
 * What does not compress grows by less than a thousandth, and by 18 bytes for each member. A file that is more than twice
 * and this many bytes longer than what it contains was not made by any known writer.
 */
const overheadBytes = 1 << 20;

/** Each chunk costs a turn of the event loop and of zlib's thread, so small chunks are slow. */
export const chunkBytes = 1 << 19;

/**
 * The part of a file to read: from a byte to the end of the file, and how it is compressed. Without one, a file is read
 * from its first byte, and inflated if it begins as gzip does.
 */
export interface Stretch {
  readonly startByte: number;
  readonly encoding: 'none' | 'gzip' | 'zlib';
}

/** The whole file as it is on disk. */
export const asStored: Stretch = { startByte: 0, encoding: 'none' };

/**
 * The bytes of a file in order, inflated if the file is gzipped. Holds at most one chunk of them. Node's gunzip reads
 * every member and verifies length and CRC, but only of the members that are read to their end: a reader that must
 * detect damage reads the whole file.
 */
export class ByteSource {
  private chunk: Uint8Array = new Uint8Array(0);

  private constructor(
    private readonly path: string,
    private readonly stream: Readable,
    private readonly chunks: AsyncIterator<Uint8Array>,
  ) {}

  /** Opens the file. FILE_UNREADABLE if that fails. The caller closes it. `seen` is told its bytes as it is stored. */
  static async open(path: string, stretch?: Stretch, seen?: SeenBytes): Promise<ByteSource> {
    try {
      const { handle, startByte, encoding } = await openFile(path, stretch, seen);
      const stored = handle.createReadStream({ start: startByte, highWaterMark: chunkBytes });
      const file = seen === undefined ? stored : noted(stored, seen);
      // Errors reach the reader through the last stream, so the callback does nothing.
      const stream = encoding === 'none' ? file : pipeline(file, inflater(encoding, chunkBytes), () => undefined);
      const chunks: AsyncIterator<Uint8Array> = stream[Symbol.asyncIterator]();
      return new ByteSource(path, stream, chunks);
    } catch (error) {
      throw fileError(path, error);
    }
  }

  /** Fills `target` and returns the number of bytes read, which is less than its length only at the end of the file. */
  async readInto(target: Uint8Array): Promise<number> {
    let filled = 0;
    while (filled < target.length) {
      if (this.chunk.length === 0 && !(await this.fetch())) break;
      const part = this.chunk.subarray(0, target.length - filled);
      target.set(part, filled);
      filled += part.length;
      this.chunk = this.chunk.subarray(part.length);
    }
    return filled;
  }

  close(): void {
    this.stream.destroy();
  }

  private async fetch(): Promise<boolean> {
    try {
      const next = await this.chunks.next();
      if (next.done === true) return false;
      this.chunk = next.value;
      return true;
    } catch (error) {
      throw fileError(this.path, error);
    }
  }
}

/** The stream itself, with all that passes through it told to `seen`. */
function noted(stream: Readable, seen: SeenBytes): Readable {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for await (const chunk of stream) {
      seen.add(chunk as Uint8Array);
      yield chunk as Uint8Array;
    }
  }
  return Readable.from(chunks(), { objectMode: false, highWaterMark: chunkBytes });
}

/** Inflates a gzip or zlib stream, in pieces of one array of `chunkSize` bytes. */
export function inflater(encoding: 'gzip' | 'zlib', chunkSize: number): Gunzip | Inflate {
  return encoding === 'gzip' ? createGunzip({ chunkSize }) : createInflate({ chunkSize });
}

export interface OpenFile extends Stretch {
  readonly handle: FileHandle;
  readonly sizeBytes: number;
}

/**
 * Opens a file, which the caller closes; FILE_UNREADABLE, or what `open` or `read` throws, and then nothing is left open.
 * `seen` is told the bytes before the stretch.
 */
export async function openFile(path: string, stretch?: Stretch, seen?: SeenBytes): Promise<OpenFile> {
  const found = await stat(path);
  expectOrdinary(path, found);
  const handle = await open(path);
  try {
    if (stretch !== undefined) {
      if (seen !== undefined) await noteBefore(handle, stretch.startByte, seen);
      return { ...stretch, handle, sizeBytes: found.size };
    }
    const magic = Buffer.alloc(2);
    await handle.read(magic, 0, 2, 0);
    const zipped = magic.equals(Buffer.from([0x1f, 0x8b]));
    return { handle, sizeBytes: found.size, startByte: 0, encoding: zipped ? 'gzip' : 'none' };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function noteBefore(handle: FileHandle, end: number, seen: SeenBytes): Promise<void> {
  const block = Buffer.allocUnsafeSlow(Math.min(end, chunkBytes));
  for (let position = 0; position < end;) {
    const { bytesRead } = await handle.read(block, 0, Math.min(block.length, end - position), position);
    if (bytesRead === 0) return;
    seen.add(block.subarray(0, bytesRead));
    position += bytesRead;
  }
}

/** Bounds of the inflated size of a file, or of its stretch, from its size on disk. FILE_UNREADABLE if it cannot be opened. */
export async function inflatedSizeOf(
  path: string,
  stretch?: Stretch,
): Promise<{ readonly least: number; readonly most: number }> {
  try {
    const { handle, sizeBytes, startByte, encoding } = await openFile(path, stretch);
    await handle.close();
    const onDisk = Math.max(sizeBytes - startByte, 0);
    if (encoding === 'none') return { least: onDisk, most: onDisk };
    return { least: Math.max(0, onDisk - overheadBytes) / 2, most: onDisk * largestExpansion };
  } catch (error) {
    throw fileError(path, error);
  }
}
