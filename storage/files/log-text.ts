import { readFileSync } from 'node:fs';

import { hasErrorCode } from './file-errors.js';
import { openStoredFile } from './stored-file.js';

const mostBytes = 1 << 20;

/** A part of a log, and the byte after it. */
export interface LogPart {
  readonly text: string;
  readonly end: number;
}

/** What a log has from a byte on, up to a mebibyte of whole characters; nothing if it is not there. */
export async function partFrom(path: string, start: number): Promise<LogPart> {
  const file = await openStoredFile(path).catch(unlessThere);
  if (file === undefined) return { text: '', end: start };
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(mostBytes), 0, mostBytes, start);
    const whole = wholeCharacters(buffer.subarray(0, bytesRead));
    return { text: whole.toString('utf8'), end: start + whole.length };
  } finally {
    await file.close();
  }
}

/** The bytes without a last character of UTF-8 that is not complete. */
function wholeCharacters(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    // The first byte of a character says how many there are: 110…, 1110… or 11110….
    if (byte < 0x80) return bytes;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? bytes.subarray(0, -back) : bytes;
  }
  return bytes;
}

/** The last characters of a log; '' if it is not there. */
export function endOfText(path: string, characters: number): string {
  try {
    return readFileSync(path, 'utf8').slice(-characters);
  } catch {
    return '';
  }
}

/** The length of a log in bytes; 0 if it is not there. */
export async function lengthOf(path: string): Promise<number> {
  const file = await openStoredFile(path).catch(unlessThere);
  if (file === undefined) return 0;
  try {
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

function unlessThere(error: unknown): undefined {
  if (!hasErrorCode(error, 'ENOENT')) throw error;
}
