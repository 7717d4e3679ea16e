import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

import { writeFileAtomically } from './atomic-file.js';

/** A training's last checkpoint and the one before it, each complete or absent. */
export function checkpointFiles(folder: string): {
  load(): Promise<Uint8Array | undefined>;
  save(bytes: Uint8Array): Promise<void>;
} {
  const path = join(folder, 'checkpoint.bin');
  const previous = join(folder, 'checkpoint.previous.bin');
  return {
    // A crash between the two renames of a save leaves the previous one alone.
    load: async () => (await readIfThere(path)) ?? (await readIfThere(previous)),
    save: async (bytes) => {
      await rename(path, previous).catch(() => undefined);
      await writeFileAtomically(path, bytes);
    },
  };
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
