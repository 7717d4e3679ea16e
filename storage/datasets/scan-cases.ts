import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';

import type { DataSetConfig } from '../../configs/config-schema.js';
import type { FileDigests } from '../file-digests.js';
import type { DataSetLocation } from '../sweep-records.js';
import type { CaseFiles } from './case-files.js';
import { findCases } from './index.js';
import { readParticipants } from './participants.js';

/** One file of a case, by its path below the data set's folder and its content. */
export interface ScannedFile {
  readonly path: string;
  readonly digest: string;
}

export interface ScannedCase {
  readonly id: string;
  readonly participant: string;
  readonly images: readonly (ScannedFile & { readonly modality: string; readonly channel?: number })[];
  readonly label: ScannedFile;
}

/** What a data set holds: its cases, sorted by id, each file with its digest. */
export interface Scan {
  readonly cases: readonly ScannedCase[];
}

/** The case files of a data set on disk; undefined for a phantom that has not been drawn yet. */
export async function locateCases(
  dataSet: DataSetConfig,
  location: DataSetLocation,
): Promise<readonly CaseFiles[] | undefined> {
  if (dataSet.phantom !== undefined && !existsSync(location.root)) return undefined;
  const participants = location.participants === undefined ? undefined : await readParticipants(location.participants);
  return findCases(dataSet.kind, location.root, {
    modalities: dataSet.modalities,
    ...(participants !== undefined && { participants }),
  });
}

/** Finds the cases of a data set and takes the digest of every file that is not known unchanged. */
export async function scanCases(
  dataSet: DataSetConfig,
  location: DataSetLocation,
  digests: FileDigests,
  onCase: (done: number, total: number) => void = () => undefined,
): Promise<Scan | undefined> {
  const found = await locateCases(dataSet, location);
  if (found === undefined) return undefined;
  const cases: ScannedCase[] = [];
  for (const files of found) {
    cases.push(await scanCase(files, location, digests));
    onCase(cases.length, found.length);
  }
  return { cases };
}

/** Takes the digests of one case's files. */
export async function scanCase(
  { id, participant, images, label }: CaseFiles,
  location: DataSetLocation,
  digests: FileDigests,
): Promise<ScannedCase> {
  const scanned = async (path: string): Promise<ScannedFile> => ({
    path: relative(location.root, path),
    digest: await digests.digestOf(path),
  });
  const files = [];
  for (const { modality, path, channel } of images) {
    files.push({ modality, ...(await scanned(path)), ...(channel !== undefined && { channel }) });
  }
  return { id, participant, images: files, label: await scanned(label) };
}

export function pathOf(location: DataSetLocation, file: ScannedFile): string {
  return join(location.root, file.path);
}
