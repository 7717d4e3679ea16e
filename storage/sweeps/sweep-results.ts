import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ArtifactRef } from '../../contracts/artifacts.js';
import type { SweepResult } from '../../contracts/sweep.js';
import type { ArtifactStore } from '../store/artifact-store.js';
import { writeFileAtomically } from '../files/atomic-file.js';
import type { DataFolder } from '../store/data-folder.js';
import { sweepFolder } from './sweep-records.js';

/** Keeps how a sweep's last run ended, for those who ask when no engine runs. */
export async function writeSweepResult(folder: DataFolder, id: string, result: SweepResult): Promise<void> {
  await writeFileAtomically(join(sweepFolder(folder, id), 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
}

export async function readSweepResult(folder: DataFolder, id: string): Promise<SweepResult | undefined> {
  try {
    return JSON.parse(await readFile(join(sweepFolder(folder, id), 'result.json'), 'utf8')) as SweepResult;
  } catch {
    return undefined;
  }
}

/** Copies the report's files out of the store into the sweep's folder and returns that folder. */
export async function exportReport(
  folder: DataFolder,
  store: ArtifactStore,
  id: string,
  report: ArtifactRef,
): Promise<string> {
  const target = join(sweepFolder(folder, id), 'report');
  const manifest = await store.manifest(report.digest);
  for (const name of Object.keys(manifest.files)) {
    await writeFileAtomically(join(target, name), await store.readFile(manifest, name));
  }
  return target;
}
