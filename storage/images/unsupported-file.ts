import { DomainError } from '../../domain/domain-error.js';
import { dicomWords, recognisableBytes, recognise } from '../../domain/formats/recognise.js';
import { readFirstBytes } from '../files/first-bytes.js';

/** Endings of images that are read, and of those that others may take for it, also in capitals. */
export const anyImageEnding =
  /\.(nii(\.(gz|bz2|xz|zst|zip))?|hdr|img|nrrd|nhdr|mha|mhd|mgh|mgz|mnc|gipl|dcm|ima|png|jpe?g|jfif|jp2|tiff?|bmp|gif|webp|p[bgnp]m|heic|avif|svg|np[yz]|mat)$/i;

/** What to do with formats that are not read, by the ending of the name. */
const advice: readonly (readonly [RegExp, string])[] = [
  // Not every DICOM file begins as one.
  [/\.(dcm|ima)$/i, `it is ${dicomWords}`],
  [/\.bmp$/i, 'BMP is not read; convert it to PNG'],
];

const expected =
  'unsupported file type; expected .nii, .nii.gz, .hdr, .img, .nrrd, .nhdr, .mha, .mhd, .mgh, .mgz, .png, .jpg, .tif';

/** The error for a file whose name does not end as those of supported formats do: what it is, and what to do. */
export async function unsupportedFile(path: string): Promise<DomainError> {
  const reason = advice.find(([ending]) => ending.test(path))?.[1] ?? (await contentOf(path)) ?? expected;
  return new DomainError('FILE_FORMAT_INVALID', `${path}: ${reason}`, { path });
}

async function contentOf(path: string): Promise<string | undefined> {
  const found = recognise(await readFirstBytes(path, recognisableBytes).catch(() => new Uint8Array(0)));
  if (found === undefined) return undefined;
  return found.format === 'other' ? `it is ${found.words}` : `it is ${found.words}, but its name does not end as one's`;
}
