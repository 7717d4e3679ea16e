import { open } from 'node:fs/promises';

/** Flips one bit of a file's byte. */
export async function flipBit(path: string, offset: number): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const byte = Buffer.alloc(1);
    await file.read(byte, 0, 1, offset);
    await file.write(Buffer.from([byte.readUInt8() ^ 1]), 0, 1, offset);
  } finally {
    await file.close();
  }
}
