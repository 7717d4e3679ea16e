import { gzipSync } from 'node:zlib';

import { encodeNifti } from '../../domain/formats/encode-nifti.js';

/** An image as the bytes of a .nii.gz file. */
export function niftiGz(image: Parameters<typeof encodeNifti>[0]): Uint8Array {
  return gzipSync(encodeNifti(image));
}
