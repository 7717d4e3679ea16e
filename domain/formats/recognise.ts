/** A kind of file that often lies where an image should, or one of the pictures that are read. */
export interface RecognisedFile {
  readonly format: 'png' | 'jpeg' | 'tiff' | 'other';
  /** What it is and, if there is a remedy, what to do; phrased to follow "it is". */
  readonly words: string;
}

/** Number of bytes at the start of a file that suffice. */
export const recognisableBytes = 540;

export const dicomWords =
  'a DICOM file; convert the series to NIfTI with "dcm2niix -z y -o OUTPUT_FOLDER DICOM_FOLDER"';

const serverError = 'perhaps the error of a server; the download failed or needs a login';

const other = (words: string) => ({ format: 'other', words }) as const;

const kinds: readonly (readonly [RegExp, RecognisedFile])[] = [
  [/^\x89PNG\r\n/, { format: 'png', words: 'a PNG picture' }],
  [/^\xff\xd8\xff/, { format: 'jpeg', words: 'a JPEG picture' }],
  [/^version https:\/\/git-lfs/, other('a Git LFS pointer, not the file itself; fetch it with "git lfs pull"')],
  [
    /^(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?<(!doctype html|html)/i,
    other('an HTML page; the download failed or needs a login'),
  ],
  [/^\/annex\/objects\//, other('a git-annex pointer, not the file itself; fetch it with "git annex get"')],
  [/^(\xef\xbb\xbf)?\s*[[{]\s*["{]/, other(`JSON text, ${serverError}`)],
  [/^[^]{128}DICM/, other(dicomWords)],
  // Without the preamble: the first element is of group 2 or 8.
  // eslint-disable-next-line no-control-regex -- these are bytes
  [/^[\x02\x08]\0[^]\0(AE|AS|CS|DA|DT|LO|OB|PN|SH|TM|UI|UL|US)/, other(dicomWords)],
  [/^(<\?xml[^]*)?\s*<svg/i, other('an SVG drawing')],
  // Also that of Amazon's and Google's storage, which lacks a declaration.
  [/^(\xef\xbb\xbf)?\s*<(\?xml|Error>)/, other(`XML text, ${serverError}`)],
  [/^GIF8[79]a/, other('a GIF picture')],
  [/^BM[^]{4}\0{4}/, other('a BMP picture')],
  [/^(II[*+]\0|MM\0[*+])/, { format: 'tiff', words: 'a TIFF picture' }],
  [/^RIFF[^]{4}WEBP/, other('a WebP picture')],
  [/^NRRD\d/, other('an NRRD image, whose name must end in .nrrd or .nhdr')],
  [/^ObjectType *= *Image\b/, other('a MetaImage, whose name must end in .mha or .mhd')],
  // Bytes are recognised after inflating what a format allows to be gzipped.
  // eslint-disable-next-line no-control-regex -- these are bytes
  [/^\x1f\x8b/, other('a file that was gzipped once too often; unpack it with "gunzip -c OLD_FILE > NEW_FILE"')],
  [/^\xfd7zXZ\0/, other('a file packed with xz; unpack it with "xz -d"')],
  [/^BZh[1-9]1AY&SY/, other('a file packed with bzip2; unpack it with "bzip2 -d"')],
  [/^\x28\xb5\x2f\xfd/, other('a file packed with Zstandard; unpack it with "zstd -d"')],
  [/^PK(?=[^A-Z])/, other('a ZIP archive; unpack it')],
];

/** What lies in the place of a file of another format, for its error message; undefined if it is not known. */
export function notFormat(format: string, bytes: Uint8Array): string | undefined {
  const found = recognise(bytes);
  return found === undefined ? undefined : `it is not ${format} but ${found.words}`;
}

/** What a file is that begins with these bytes; undefined if it is none of the known kinds. */
export function recognise(bytes: Uint8Array): RecognisedFile | undefined {
  const text = String.fromCharCode(...bytes.subarray(0, recognisableBytes));
  return kinds.find(([begin]) => begin.test(text))?.[1];
}
