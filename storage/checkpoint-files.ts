import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

import { writeFileAtomically } from './atomic-file.js';

/** A training's last checkpoint and the one before it, each complete or absent. */
export function checkpointFiles(folder: string): {
  load(): Promise<Uint8Array | undefined>;
  save(bytes: Uint8Array): Promise<void>;
} {
  const path = join(folder, 'checkpoint.bin');
  return {
    load: async () => {
      try {
        return await readFile(path);
      } catch {
        return undefined;
      }
    },
    save: async (bytes) => {
      await rename(path, join(folder, 'checkpoint.previous.bin')).catch(() => undefined);
      await writeFileAtomically(path, bytes);
    },
  };
}
