import { open, stat, type FileHandle } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { expectOrdinary, fileError } from './file-errors.js';

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

  /** Opens the file. FILE_UNREADABLE if that fails. The caller closes it. */
  static async open(path: string): Promise<ByteSource> {
    try {
      const { handle, zipped } = await openFile(path);
      const file = handle.createReadStream({ start: 0, highWaterMark: chunkBytes });
      // Errors reach the reader through the last stream, so the callback does nothing.
      const stream = zipped ? pipeline(file, createGunzip({ chunkSize: chunkBytes }), () => undefined) : file;
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

export interface OpenFile {
  readonly handle: FileHandle;
  readonly sizeBytes: number;
  /** Determined by the first two bytes, not by the name. */
  readonly zipped: boolean;
}

/** Opens a file, which the caller closes; FILE_UNREADABLE, or what `open` or `read` throws, and then nothing is left open. */
export async function openFile(path: string): Promise<OpenFile> {
  const found = await stat(path);
  expectOrdinary(path, found);
  const handle = await open(path);
  try {
    const magic = Buffer.alloc(2);
    await handle.read(magic, 0, 2, 0);
    return { handle, sizeBytes: found.size, zipped: magic.equals(Buffer.from([0x1f, 0x8b])) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Bounds of a file's inflated size, from its size on disk. FILE_UNREADABLE if it cannot be opened. */
export async function inflatedSizeOf(path: string): Promise<{ readonly least: number; readonly most: number }> {
  try {
    const { handle, sizeBytes, zipped } = await openFile(path);
    await handle.close();
    if (!zipped) return { least: sizeBytes, most: sizeBytes };
    return { least: Math.max(0, sizeBytes - overheadBytes) / 2, most: sizeBytes * largestExpansion };
  } catch (error) {
    throw fileError(path, error);
  }
}
