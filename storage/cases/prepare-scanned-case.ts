import { DomainError } from '../../domain/domain-error.js';
import { preprocessCase, type PreparedCase } from '../../domain/preprocess/preprocess-case.js';
import { CaseRemarks } from '../datasets/case-remarks.js';
import { fileWarnings, imageWarnings } from '../datasets/findings/case-warnings.js';
import { readCase, type CaseReadingSettings } from '../datasets/read-case.js';
import { allFilesOf, filesOf, pathOf, withoutRoot, type ScannedCase } from '../datasets/scan-cases.js';
import type { FileDigests } from '../files/file-digests.js';
import { SeenFiles } from '../files/seen-bytes.js';
import type { DataSetLocation } from '../sweeps/sweep-records.js';

/** What reading a data set's cases needs. */
export interface CaseReading {
  readonly location: DataSetLocation;
  readonly digests: FileDigests;
  readonly dataSet: CaseReadingSettings;
}

export interface PreparedScan {
  readonly prepared: PreparedCase;
  /** What a user should know of the case and its quality does not tell. Paths are relative to the data set's folder. */
  readonly warnings: readonly string[];
  /** The values of `label.anyOf` that the mask has. */
  readonly structureValues: readonly number[];
}

/**
 * Reads a case's files and prepares the case. FILE_UNREADABLE if a file has changed since the scan, by the bytes that were
 * read; its remembered digest is then forgotten, so that the next scan takes it anew.
 */
export async function prepareScannedCase(
  own: ScannedCase,
  { location, digests, dataSet }: CaseReading,
): Promise<PreparedScan> {
  const seen = new SeenFiles();
  const remarks = new CaseRemarks();
  const read = await readCase(filesOf(location, own), dataSet, { seen, remarks });
  for (const file of allFilesOf(own)) {
    const path = pathOf(location, file);
    if (!(await seen.haveDigest(path, file.digest))) {
      await digests.forget(path);
      throw new DomainError('FILE_UNREADABLE', `${path} has changed since the scan; run the sweep again`);
    }
  }
  const { nonFiniteVoxels, structureValues } = read;
  const prepared = preprocessCase(read);
  const warnings = [...fileWarnings(remarks, read), ...imageWarnings(prepared.quality, prepared.grid, read)];
  return {
    prepared: nonFiniteVoxels === 0 ? prepared : { ...prepared, quality: { ...prepared.quality, nonFiniteVoxels } },
    warnings: warnings.map((text) => withoutRoot(text, location)),
    structureValues,
  };
}
