import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';

const mostBytes = 1 << 20;

/** What a log has from a byte on, up to a mebibyte; '' if it is not there. */
export async function textFrom(path: string, start: number): Promise<string> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return '';
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(mostBytes), 0, mostBytes, start);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
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
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return 0;
  try {
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}
