import type { FileHandle } from 'node:fs/promises';
import { chunkBytes, inflater, openFile, type Stretch } from './byte-source.js';
import { fileError } from './file-errors.js';
import type { SeenBytes } from './seen-bytes.js';

/**
 * The first `most` bytes of a file or of its stretch, inflated if compressed, or all its bytes if it has fewer. They are in a buffer
 * of their own of `room` bytes, at an offset that is a multiple of 8. Peak memory is little more than this buffer. As
 * with `ByteSource`, the checksum is verified only if the file ends before `most`. `seen` is told the bytes as they are stored.
 */
export async function readFirstBytes(
  path: string,
  most: number,
  room = most,
  { stretch, seen }: { readonly stretch?: Stretch | undefined; readonly seen?: SeenBytes | undefined } = {},
): Promise<Uint8Array> {
  try {
    const { handle, startByte, encoding } = await openFile(path, stretch, seen);
    const amount = { most, room, startByte, seen };
    try {
      return encoding === 'none' ? await plain(handle, amount) : await inflated(handle, encoding, amount);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileError(path, error);
  }
}

interface Amount {
  readonly most: number;
  readonly room: number;
  readonly startByte: number;
  readonly seen: SeenBytes | undefined;
}

async function plain(file: FileHandle, { most, room, startByte, seen }: Amount): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(Math.max(most, room));
  let filled = 0;
  while (filled < most) {
    const { bytesRead } = await file.read(bytes, filled, Math.min(largestRead, most - filled), startByte + filled);
    if (bytesRead === 0) break;
    seen?.add(bytes.subarray(filled, filled + bytesRead));
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/** Node refuses reads of 2 GiB or more. */
const largestRead = 1 << 30;

/**
 * zlib returns pieces of one array that is as long as its chunk size. With a chunk size of the whole output, all pieces
 * are adjacent in this array. The usual chunk size would leave one array for each chunk to the garbage collector, which
 * frees them late.
 */
async function inflated(
  file: FileHandle,
  encoding: 'gzip' | 'zlib',
  { most, room, startByte, seen }: Amount,
): Promise<Uint8Array> {
  const gunzip = inflater(encoding, Math.max(most, room, 4096));
  const pieces: Uint8Array[] = [];
  let filled = 0;
  gunzip.on('data', (piece: Uint8Array) => {
    pieces.push(piece);
    filled += piece.length;
    if (filled >= most) gunzip.destroy();
  });
  const ended = new Promise<void>((resolve, reject) => {
    gunzip.once('close', resolve);
    gunzip.once('error', reject);
  });
  const block = Buffer.allocUnsafeSlow(chunkBytes);
  let position = startByte;
  while (!gunzip.destroyed) {
    const { bytesRead } = await file.read(block, 0, block.length, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    seen?.add(block.subarray(0, bytesRead));
    const written = new Promise<void>((resolve) => {
      gunzip.write(block.subarray(0, bytesRead), () => {
        resolve();
      });
    });
    await Promise.race([written, ended]);
  }
  gunzip.end();
  await ended;
  return sideBySide(pieces).subarray(0, most);
}

/** The array that contains the pieces, or a copy if Node ever returns them differently. */
function sideBySide(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  if (first === undefined) return new Uint8Array(0);
  const whole = { from: first.byteOffset, to: first.byteOffset };
  for (const { buffer, byteOffset, length } of pieces) {
    if (buffer !== first.buffer || byteOffset !== whole.to) return Buffer.concat(pieces);
    whole.to += length;
  }
  return new Uint8Array(first.buffer, whole.from, whole.to - whole.from);
}
