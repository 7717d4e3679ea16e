import { objectPath, type DataFolder } from '../store/data-folder.js';
import { readSweepRecord } from '../sweeps/sweep-records.js';
import { readManifest } from '../verify/stored-artifacts.js';
import type { BundledRecord } from './bundled-records.js';
import { hasFile } from '../files/has-file.js';

/**
 * The digests of all objects that a bundle of a sweep has: its content, the results that the records name, with their
 * files, and the messages of failures that are still there.
 */
export async function objectsOfSweep(
  folder: DataFolder,
  sweep: string,
  records: readonly BundledRecord[],
): Promise<Set<string>> {
  const { specification } = await readSweepRecord(folder, sweep);
  const objects = new Set([specification]);
  for (const { record } of records) {
    if (record.kind === 'artifact') {
      objects.add(record.spec.digest);
      for (const file of Object.values((await readManifest(folder, record.spec.digest))?.files ?? {}))
        objects.add(file.digest);
    }
    const words = record.kind === 'failure' ? record.spec.words : null;
    if (words !== null && (await hasFile(objectPath(folder, words)))) objects.add(words);
  }
  return objects;
}
