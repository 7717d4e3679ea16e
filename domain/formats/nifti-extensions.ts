import { Utils } from 'nifti-reader-js';

/** An extension block between a NIfTI header and the voxels. */
export interface NiftiExtension {
  readonly code: number;
  /** nibabel's name of a registered code. */
  readonly name?: string;
  /** Size in the file, including the size and code fields and padding. */
  readonly sizeBytes: number;
  /** Text of a comment, truncated after 1000 characters with "…". */
  readonly text?: string;
}

export interface NiftiExtensions {
  readonly extensions: readonly NiftiExtension[];
  /** Why the list may be incomplete. */
  readonly extensionsProblem?: string;
}

const commentCode = 6;
const names: Readonly<Record<number, string>> = {
  ...{ 0: 'ignore', 2: 'dicom', 4: 'afni', [commentCode]: 'comment', 8: 'xcede', 10: 'jimdiminfo' },
  ...{ 12: 'workflow_fwds', 14: 'freesurfer', 16: 'pypickle', 18: 'mind_ident', 20: 'b_value' },
  ...{ 22: 'spherical_direction', 24: 'dt_component', 26: 'shc_degreeorder', 28: 'voxbo', 30: 'caret', 32: 'cifti' },
  ...{ 34: 'variable_frame_timing', 36: 'unassigned', 38: 'eval', 40: 'matlab', 42: 'quantiphyse', 44: 'mrs' },
};

const headBytes = 8;
const mostListed = 100;
const longestText = 1000;

/** Byte range of the extensions. `end` is where the voxels begin or, for a .hdr/.img pair, where the .hdr file ends. */
interface Place {
  readonly start: number;
  readonly end: number;
  readonly littleEndian: boolean;
}

/**
 * Lists the extensions of a NIfTI file, at most 100. `bytes` begin with a checked header and may be only the beginning
 * of the file; extensions that begin beyond them are not listed.
 */
export function niftiExtensions(
  bytes: Uint8Array,
  { version, littleEndian, end }: Omit<Place, 'start'> & { readonly version: 1 | 2 },
): NiftiExtensions {
  const flagByte = version === 1 ? 348 : 540;
  if ((bytes[flagByte] ?? 0) === 0) return { extensions: [] };
  const start = flagByte + 4;
  const view = new DataView(new Uint8Array(bytes).buffer);
  const { soundEnd, problem } = followSizes(view, { start, end, littleEndian });
  const extensions = Utils.getExtensionsAt(view, start, littleEndian, soundEnd).map(({ ecode, esize, edata }) => ({
    code: ecode,
    ...(names[ecode] !== undefined && { name: names[ecode] }),
    sizeBytes: esize,
    ...(ecode === commentCode && { text: textOf(new Uint8Array(edata)) }),
  }));
  return { extensions, ...(problem !== undefined && { extensionsProblem: problem }) };
}

/**
 * Finds the end of the valid extensions: each size is a positive multiple of 16, and the extension ends by `end`. On
 * other sizes, nifti-reader-js throws, or loops and collects extensions until memory runs out.
 */
function followSizes(
  view: DataView,
  { start, end, littleEndian }: Place,
): { readonly soundEnd: number; readonly problem?: string } {
  if (start >= end) return { soundEnd: start, problem: 'the header announces extensions but leaves no room for them' };
  const isPadding = (from: number) =>
    view.byteLength >= end && new Uint8Array(view.buffer, from).every((byte) => byte === 0);
  let at = start;
  for (let number = 1; at < end; number++) {
    const stopped = (problem: string) => ({ soundEnd: at, problem });
    if (number > 1 && isPadding(at)) break;
    if (number > mostListed) return stopped(`only the first ${mostListed} are listed`);
    if (at + headBytes > view.byteLength)
      return stopped(`extension ${number} begins at byte ${at}, beyond the bytes read`);
    const size = view.getInt32(at, littleEndian);
    if (size <= 0 || size % 16 !== 0 || at + size > end) {
      return stopped(
        `extension ${number} declares a size of ${size} bytes; expected a multiple of 16 that ends before the voxels`,
      );
    }
    at += size;
  }
  return { soundEnd: at };
}

/** Decodes the text without its trailing zero bytes. */
function textOf(bytes: Uint8Array): string {
  const length = 1 + bytes.findLastIndex((byte) => byte !== 0);
  // A UTF-8 character takes at most four bytes.
  const characters = [...new TextDecoder().decode(bytes.subarray(0, Math.min(length, 4 * longestText + 4)))];
  return characters.length > longestText ? `${characters.slice(0, longestText).join('')}…` : characters.join('');
}
