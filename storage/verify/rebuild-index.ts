import { rm } from 'node:fs/promises';

import { canonicalJson } from '../../domain/plan/key.js';
import { writeFileAtomically } from '../files/atomic-file.js';
import type { ArtifactStore } from '../store/artifact-store.js';
import { indexPath, type DataFolder } from '../store/data-folder.js';
import type { RecordedWork } from '../store/work-records.js';

/**
 * Writes the index records that are missing, from the log: of each key the last result, if the store still has all of it.
 * Returns how many there were.
 */
export async function rebuildIndex(
  folder: DataFolder,
  store: ArtifactStore,
  works: readonly RecordedWork[],
): Promise<number> {
  const latest = new Map(works.map((work) => [work.key, work]));
  let written = 0;
  for (const { step, key, digest } of latest.values()) {
    if ((await store.find(key)) !== undefined) continue;
    const path = indexPath(folder, key);
    await writeFileAtomically(path, `${canonicalJson({ step, key, digest })}\n`);
    if ((await store.find(key)) !== undefined) written++;
    else await rm(path, { force: true });
  }
  return written;
}
