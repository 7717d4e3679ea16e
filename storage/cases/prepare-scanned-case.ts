import { DomainError } from '../../domain/domain-error.js';
import { preprocessCase, type PreparedCase } from '../../domain/preprocess/preprocess-case.js';
import { readCase, type CaseReadingSettings } from '../datasets/read-case.js';
import { allFilesOf, filesOf, pathOf, type ScannedCase } from '../datasets/scan-cases.js';
import type { FileDigests } from '../files/file-digests.js';
import { SeenFiles } from '../files/seen-bytes.js';
import type { DataSetLocation } from '../sweeps/sweep-records.js';

/** What reading a data set's cases needs. */
export interface CaseReading {
  readonly location: DataSetLocation;
  readonly digests: FileDigests;
  readonly dataSet: CaseReadingSettings;
}

/**
 * Reads a case's files and prepares the case. FILE_UNREADABLE if a file has changed since the scan, by the bytes that were
 * read; its remembered digest is then forgotten, so that the next scan takes it anew.
 */
export async function prepareScannedCase(
  own: ScannedCase,
  { location, digests, dataSet }: CaseReading,
): Promise<PreparedCase> {
  const seen = new SeenFiles();
  const { nonFiniteVoxels, ...raw } = await readCase(filesOf(location, own), dataSet, { seen });
  for (const file of allFilesOf(own)) {
    const path = pathOf(location, file);
    if (!(await seen.haveDigest(path, file.digest))) {
      await digests.forget(path);
      throw new DomainError('FILE_UNREADABLE', `${path} has changed since the scan; run the sweep again`);
    }
  }
  const prepared = preprocessCase(raw);
  return nonFiniteVoxels === 0 ? prepared : { ...prepared, quality: { ...prepared.quality, nonFiniteVoxels } };
}
