import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat, type FileHandle } from 'node:fs/promises';

import { writeFileAtomically } from '../files/atomic-file.js';
import { expectOrdinary, hasErrorCode } from '../files/file-errors.js';
import { digestPattern } from '../../contracts/patterns.js';
import { readStoredFile } from '../files/stored-file.js';

/** What the first record names as the one before. */
export const noPrevious = '0'.repeat(64);

const newline = 10;
const chunkBytes = 1 << 18;
const tailBytes = 1 << 16;

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * The complete lines of a file, without their ends, then what follows the last one: nothing, or the beginning of a line
 * that a crash has cut off. Nothing if there is no such file.
 */
export async function* linesOf(path: string): AsyncGenerator<{ readonly bytes: Buffer; readonly complete: boolean }> {
  let rest = Buffer.alloc(0);
  try {
    expectOrdinary(path, await stat(path));
    for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes }) as AsyncIterable<Buffer>) {
      const text = Buffer.concat([rest, chunk]);
      let start = 0;
      for (let end = text.indexOf(newline); end >= 0; end = text.indexOf(newline, start)) {
        yield { bytes: text.subarray(start, end), complete: true };
        start = end + 1;
      }
      rest = text.subarray(start);
    }
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT')) throw error;
  }
  if (rest.length > 0) yield { bytes: rest, complete: false };
}

/** Where a file's complete lines end, the SHA-256 of the last one, and the bytes that follow. */
export interface LinesEnd {
  readonly bytes: number;
  readonly sha256: string;
  readonly incomplete: Buffer;
}

/** Read from the end, so that the length of the file does not matter. */
export async function endOf(file: FileHandle): Promise<LinesEnd> {
  const { size } = await file.stat();
  for (let length = Math.min(size, tailBytes); ; length = Math.min(size, 2 * length)) {
    const tail = await readAt(file, size - length, length);
    const end = tail.lastIndexOf(newline);
    const before = end < 1 ? -1 : tail.lastIndexOf(newline, end - 1);
    // If the newline before it is not in this part, the last line may begin earlier.
    if (before < 0 && length < size) continue;
    const sha256 = end < 0 ? noPrevious : sha256Of(tail.subarray(before + 1, end));
    return { bytes: size - length + end + 1, sha256, incomplete: tail.subarray(end + 1) };
  }
}

/** The bytes at a place of a file; fewer than asked for if it ends before. */
export async function readAt(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

const headPath = (log: string): string => `${log}.head`;

/**
 * The SHA-256 of the last record that was written to a log. It is kept beside the log, because no later record names the
 * last one, and so none would miss it. Undefined if there is none or if it is damaged.
 */
export async function readHead(log: string): Promise<string | undefined> {
  const text = await readStoredFile(headPath(log)).then(String, () => '');
  return digestPattern.test(text.trim()) ? text.trim() : undefined;
}

export function writeHead(log: string, head: string): Promise<void> {
  return writeFileAtomically(headPath(log), `${head}\n`);
}
