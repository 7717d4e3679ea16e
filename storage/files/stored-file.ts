import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

import { expectOrdinary } from './file-errors.js';

/**
 * Files of the data folder, which may come from elsewhere. Errors as of Node's own functions, and FILE_UNREADABLE for a
 * pipe or a device, for which reading or opening would wait forever.
 */
export async function readStoredFile(path: string): Promise<Buffer> {
  const file = await openStoredFile(path);
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** The file as text. */
export async function readStoredText(path: string): Promise<string> {
  return (await readStoredFile(path)).toString('utf8');
}

/** Opens a file for reading. */
export async function openStoredFile(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = await file.stat();
    // A folder's own error, EISDIR, comes with reading it.
    if (!found.isDirectory()) expectOrdinary(path, found);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Opens a file for appending, or makes it. */
export function openToAppend(path: string, mode?: number): number {
  const { O_RDWR, O_APPEND, O_CREAT, O_NONBLOCK } = constants;
  const descriptor = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NONBLOCK, mode);
  try {
    expectOrdinary(path, fstatSync(descriptor));
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}
