import { readdir } from 'node:fs/promises';

import { dataFolderAt, type DataFolder } from '../../../storage/store/data-folder.js';
import { LineageLog } from '../../../storage/store/lineage-log.js';
import type { WorkRecord } from '../../../storage/store/work-records.js';
import { LocalArtifactStore } from '../../../storage/store/local-artifact-store.js';

export { objectPath } from '../../../storage/store/data-folder.js';

export interface TestStore {
  readonly folder: DataFolder;
  readonly lineage: LineageLog;
  readonly store: LocalArtifactStore;
}

export function openTestStore(path: string): TestStore {
  const folder = dataFolderAt(path);
  const lineage = new LineageLog(folder.lineageLog);
  return { folder, lineage, store: new LocalArtifactStore(folder, lineage) };
}

/** A work whose key is one hexadecimal digit, repeated. */
export function workOf(digit: string): WorkRecord {
  return {
    step: 'split',
    key: digit.repeat(64),
    unit: `split ${digit}`,
    version: 1,
    parameters: {},
    inputs: [],
    environment: {},
  };
}

export async function filesBelow(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  } catch {
    return [];
  }
}
