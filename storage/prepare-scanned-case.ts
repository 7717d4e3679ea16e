import { DomainError } from '../domain/domain-error.js';
import { maskWhere } from '../domain/preprocess/mask.js';
import { preprocessCase, type PreparedCase, type PreprocessSettings } from '../domain/preprocess/preprocess-case.js';
import { pathOf, type ScannedCase, type ScannedFile } from './datasets/scan-cases.js';
import type { FileDigests } from './file-digests.js';
import { readOneImage } from './image-files.js';
import type { DataSetLocation } from './sweep-records.js';

/** How the files of a data set's cases are read. */
export interface CaseReading {
  readonly location: DataSetLocation;
  readonly digests: FileDigests;
  readonly settings: PreprocessSettings;
  /** Label values above it are the structure. */
  readonly above: number;
}

/** Reads a case's files and prepares it. FILE_UNREADABLE where one has changed since the scan. */
export async function prepareScannedCase(
  own: ScannedCase,
  { location, digests, settings, above }: CaseReading,
): Promise<PreparedCase> {
  const read = async (file: ScannedFile, channel: number | undefined) => {
    const path = pathOf(location, file);
    const image = await readOneImage(path, channel === undefined ? {} : { channel });
    if ((await digests.digestOf(path)) !== file.digest) {
      throw new DomainError('FILE_UNREADABLE', `${path} changed while the sweep ran; run it again`);
    }
    return { source: path, image };
  };
  const images = [];
  for (const file of own.images) images.push({ modality: file.modality, ...(await read(file, file.channel)) });
  const label = await read(own.label, undefined);
  return preprocessCase({
    images,
    label: { source: label.source, map: maskWhere(label.image, above) },
    settings,
  });
}
