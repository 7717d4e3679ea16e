import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

import type { DataSetConfig } from '../../configs/config-schema.js';
import type { Outline } from '../../domain/image/fill-outlines.js';
import type { CasesOfScan } from '../../domain/lineage/data-changes.js';
import type { CaseWarning } from '../../domain/results/case-warnings.js';
import type { FileDigests } from '../files/file-digests.js';
import type { DataSetLocation } from '../sweeps/sweep-records.js';
import type { CaseFiles, ImageFile, RejectedCase } from './case-files.js';
import { scanWarnings } from './findings/scan-warnings.js';
import { findCases } from './layouts/index.js';
import { readParticipants } from './participants.js';
import { digestsOfImage, type FileDigest } from '../images/image-digests.js';

/** The data set's settings for finding its cases. */
export interface ScanSettings extends Pick<
  DataSetConfig,
  'kind' | 'modalities' | 'phantom' | 'onInvalidCase' | 'images' | 'masks'
> {
  readonly label?: { readonly title?: string | undefined } | undefined;
}

/** One file of a case: its path relative to the data set's folder, and the digest of its content. */
export interface ScannedFile extends FileDigest {
  /** The other files that reading it opens, such as the .img of a .hdr; absent if there are none. */
  readonly companions?: readonly FileDigest[];
}

export interface ScannedCase {
  readonly id: string;
  readonly participant: string;
  readonly images: readonly (ScannedFile & { readonly modality: string; readonly channel?: number })[];
  readonly label: ScannedFile;
  readonly labelOutlines?: readonly Outline[];
}

/** The contents of a data set: its cases, sorted by id, each file with its digest. */
export interface Scan {
  readonly cases: readonly ScannedCase[];
  /** Faulty cases that the config leaves out. Absent if there are none, like warnings. Paths are relative. */
  readonly excluded?: readonly RejectedCase[];
  readonly warnings?: readonly CaseWarning[];
}

/**
 * The case files of a data set on disk; undefined for a phantom that has not been drawn yet. `onRejected` receives
 * faulty cases; without it they are an error or left out, as the config says.
 */
export async function locateCases(
  dataSet: ScanSettings,
  location: DataSetLocation,
  onRejected = dataSet.onInvalidCase === 'exclude' ? (_: RejectedCase) => undefined : undefined,
): Promise<readonly CaseFiles[] | undefined> {
  if (dataSet.phantom !== undefined && !existsSync(location.root)) return undefined;
  const participants = location.participants === undefined ? undefined : await readParticipants(location.participants);
  return findCases(dataSet.kind, location.root, {
    modalities: dataSet.modalities,
    folders: { images: dataSet.images, masks: dataSet.masks },
    ...(participants !== undefined && { participants }),
    ...(dataSet.label?.title !== undefined && { labelTitle: dataSet.label.title }),
    ...(onRejected !== undefined && { onRejected }),
  });
}

/** Finds the cases of a data set and computes the digest of every file unless a cached digest is still valid. */
export async function scanCases(
  dataSet: ScanSettings,
  location: DataSetLocation,
  digests: FileDigests,
  onCase: (done: number, total: number) => void = () => undefined,
): Promise<Scan | undefined> {
  const excluded: RejectedCase[] = [];
  const exclude = ({ id, reason }: RejectedCase): undefined => {
    excluded.push({ id, reason: withoutRoot(reason, location) });
  };
  const found = await locateCases(dataSet, location, dataSet.onInvalidCase === 'exclude' ? exclude : undefined);
  if (found === undefined) return undefined;
  const rejected = excluded.map(({ id }) => id);
  const { cases, warnings } = await scanLocated(found, location, { digests, rejected, onCase });
  return { cases, ...(excluded.length > 0 && { excluded }), ...(warnings !== undefined && { warnings }) };
}

interface ScanOptions {
  readonly digests: FileDigests;
  /** Ids of faulty cases that are left out. */
  readonly rejected?: readonly string[];
  readonly onCase?: (done: number, total: number) => void;
}

/** The same for cases that have been found, none of them faulty. */
export async function scanLocated(
  found: readonly CaseFiles[],
  location: DataSetLocation,
  { digests, rejected = [], onCase }: ScanOptions,
): Promise<Scan> {
  const cases: ScannedCase[] = [];
  for (const files of found) {
    cases.push(await scanCase(files, location, digests));
    onCase?.(cases.length, found.length);
  }
  const warnings = await scanWarnings(found, cases, { location, rejected });
  return { cases, ...(warnings.length > 0 && { warnings }) };
}

/** The text with paths relative to the data set's folder, whose location is not part of the data set's content. */
export function withoutRoot(text: string, { root }: DataSetLocation): string {
  return text.replaceAll(`${root}${sep}`, '');
}

/** The files of a scanned case at the data set's present location. */
export function filesOf(location: DataSetLocation, own: ScannedCase): CaseFiles {
  return {
    ...own,
    images: own.images.map(({ modality, channel, ...file }): ImageFile => ({
      modality,
      path: pathOf(location, file),
      ...(channel !== undefined && { channel }),
    })),
    label: pathOf(location, own.label),
  };
}

/** In place of the digest of a file that preparing its case is going to refuse; nothing is stored by it. */
const unreadDigest = 'unread';

/** Computes the digests of one case's files. */
export async function scanCase(
  { id, participant, images, label, labelOutlines }: CaseFiles,
  location: DataSetLocation,
  digests: FileDigests,
): Promise<ScannedCase> {
  const scanned = async (path: string): Promise<ScannedFile> => {
    const files = (await digestsOfImage(path, digests)) ?? [{ path, digest: unreadDigest }];
    const [{ digest } = { digest: unreadDigest }, ...others] = files;
    const companions = others.map((file) => ({ ...file, path: relative(location.root, file.path) }));
    return { path: relative(location.root, path), digest, ...(companions.length > 0 && { companions }) };
  };
  const files = [];
  for (const { modality, path, channel } of images) {
    files.push({ modality, ...(await scanned(path)), ...(channel !== undefined && { channel }) });
  }
  const outlines = labelOutlines !== undefined && { labelOutlines };
  return { id, participant, images: files, label: await scanned(label), ...outlines };
}

/** All files that reading the case opens, each with its digest. */
export function allFilesOf({ images, label }: ScannedCase): FileDigest[] {
  return [...images, label].flatMap((file) => [file, ...(file.companions ?? [])]);
}

/** The participant and the digests of the files of each case, by case: what tells two scans apart. */
export function casesOfScan({ cases }: Pick<Scan, 'cases'>): CasesOfScan {
  return new Map(
    cases.map((own) => [own.id, JSON.stringify([own.participant, ...allFilesOf(own).map(({ digest }) => digest)])]),
  );
}

/** What identifies the content of a file and its companions. */
export function contentOf({ digest, companions }: ScannedFile): string | string[] {
  return companions === undefined ? digest : [digest, ...companions.map((file) => file.digest)];
}

export function pathOf(location: DataSetLocation, file: FileDigest): string {
  return join(location.root, file.path);
}
