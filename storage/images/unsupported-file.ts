import { DomainError } from '../../domain/domain-error.js';
import { readFirstBytes } from '../files/first-bytes.js';

/** What to do with formats that are not read, by the ending of the name. */
const advice: readonly (readonly [RegExp, string])[] = [
  [/\.mhd$/i, 'the voxels of a .mhd are in a second file; save it as one .mha, for example with SimpleITK'],
  [/\.nhdr$/i, 'the voxels of a .nhdr are in a second file; save it as one .nrrd, for example with SimpleITK'],
  [/\.bmp$/i, 'BMP is not read; convert it to PNG'],
];

const dicomAdvice = 'DICOM is not read; convert the series to NIfTI: dcm2niix -z y -o OUTPUT_FOLDER DICOM_FOLDER';

/** The error for a file whose name does not end as those of supported formats do. DICOM is recognised by its content. */
export async function unsupportedFile(path: string): Promise<DomainError> {
  const own = advice.find(([ending]) => ending.test(path))?.[1];
  const reason = (await isDicom(path))
    ? dicomAdvice
    : (own ?? 'unsupported file type; expected .nii, .nii.gz, .hdr, .img, .nrrd, .mha, .mgh, .mgz, .png, .jpg, .tif');
  return new DomainError('FILE_FORMAT_INVALID', `${path}: ${reason}`, { path });
}

/** A DICOM file has 128 bytes of any content, then DICM (PS3.10, 7.1). Other endings than .dcm are usual. */
async function isDicom(path: string): Promise<boolean> {
  if (/\.(dcm|ima)$/i.test(path)) return true;
  const bytes = await readFirstBytes(path, 132).catch(() => new Uint8Array(0));
  return String.fromCharCode(...bytes.subarray(128)) === 'DICM';
}
