import { mkdir, realpath } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

import type { ArtifactRef } from '../../contracts/artifacts.js';
import { DomainError } from '../../domain/domain-error.js';
import { copiedPage } from '../../domain/report/page/copied-page.js';
import { removeUnfinished, writeFileAtomically } from '../files/atomic-file.js';
import type { ArtifactStore } from '../store/artifact-store.js';
import type { DataFolder } from '../store/data-folder.js';
import type { LineageLog } from '../store/lineage-log.js';
import { linesRecording } from '../store/log-inspection.js';
import { makingOfReport } from './making-of-report.js';
import { sweepFolder } from './sweep-records.js';

/** The file of a report whose copy says what its record in the log does. */
export const pageFile = 'report.html';

/** Where the copy of a sweep's report lies. */
export function reportFolder(folder: DataFolder, id: string): string {
  return join(sweepFolder(folder, id), 'report');
}

/** Copies the report's files from the store to the sweep's folder, and returns the path of the copy. */
export async function exportReport(
  {
    folder,
    store,
    lineage,
  }: { readonly folder: DataFolder; readonly store: ArtifactStore; readonly lineage: LineageLog },
  id: string,
  report: ArtifactRef,
): Promise<string> {
  const target = reportFolder(folder, id);
  const manifest = await store.manifest(report.digest);
  await prepareFolders(folder, target, Object.keys(manifest.files));
  // Undefined if the log has lost it.
  const log = await lineage.inspect();
  const line = linesRecording(log, report.digest).at(-1);
  for (const name of Object.keys(manifest.files)) {
    const bytes = await store.readFile(manifest, name);
    const isPage = name === pageFile && line !== undefined;
    const text = (): string => Buffer.from(bytes).toString('utf8');
    const copy = isPage ? Buffer.from(copiedPage(text(), { line, making: makingOfReport(log, line) })) : bytes;
    await writeFileAtomically(join(target, name), copy);
  }
  return target;
}

/**
 * Writes the files of a report that nothing records, because its sweep is not finished, beside the place of the finished one, and
 * returns their folder.
 */
export async function writePartialReport(
  folder: DataFolder,
  id: string,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const target = join(sweepFolder(folder, id), 'partial-report');
  await prepareFolders(folder, target, Object.keys(files));
  for (const [name, text] of Object.entries(files)) await writeFileAtomically(join(target, name), text);
  return target;
}

/** Makes the folders of the files, without what an earlier attempt has left unfinished. */
async function prepareFolders(folder: DataFolder, target: string, names: readonly string[]): Promise<void> {
  for (const place of new Set([target, ...names.map((name) => dirname(join(target, name)))])) {
    await refuseLinks(folder, place);
    await removeUnfinished(place);
  }
}

/** STORE_CORRUPT if symbolic links in the data folder lead from a sweep's folder to somewhere else. */
async function refuseLinks({ sweeps }: DataFolder, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  if ((await realpath(target)) === join(await realpath(sweeps), relative(sweeps, target))) return;
  throw new DomainError('STORE_CORRUPT', `${target} leads out of the sweep's folder; remove the symbolic link`);
}
