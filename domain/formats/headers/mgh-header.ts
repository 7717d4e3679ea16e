import { perAxis, type Triple } from '../../image/grid.js';
import { notFormat } from '../recognise.js';
import { checkedImageHeader, invalidHeader, spacingProblemOf, type ImageHeader } from './image-header.js';
import { mghTypes } from './stored-types.js';

/** Size of an MGH header; the voxels follow it. */
export const mghHeaderBytes = 284;

/**
 * Reads and checks the header of FreeSurfer's MGH format (.mgh; .mgz if gzipped), version 1, big-endian. Frames become
 * channels. The affine is nibabel's, in single precision: direction cosines times spacing, and c_ras at voxel shape / 2.
 *
 * Throws FILE_FORMAT_INVALID, naming `source`, for another version, an unsupported voxel type, a header that lacks
 * spacing and directions (goodRASFlag not 1), and what `checkedImageHeader` refuses.
 */
export function parseMghHeader(bytes: Uint8Array, source: string, spacingMm?: Triple): ImageHeader {
  if (bytes.length < mghHeaderBytes) {
    const cutOff = `it ends after ${bytes.length} bytes, inside the ${mghHeaderBytes} bytes of its header`;
    throw invalidHeader(source, notFormat('MGH', bytes) ?? cutOff);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getInt32(0) !== 1)
    throw invalidHeader(source, notFormat('MGH', bytes) ?? 'it does not begin with an MGH header of version 1');
  const lengths = perAxis((axis) => view.getInt32(4 + 4 * axis));
  const typeCode = view.getInt32(20);
  const dataType = mghTypes[typeCode];
  if (dataType === undefined) {
    throw invalidHeader(
      source,
      `its voxel type has code ${typeCode}; expected one of ${Object.keys(mghTypes).join(', ')}`,
    );
  }
  if (view.getInt16(28) !== 1) {
    throw invalidHeader(source, 'its header has no spacing and orientation (goodRASFlag is not 1)');
  }
  const stated = perAxis((axis) => view.getFloat32(30 + 4 * axis));
  const spacingProblem = spacingProblemOf(stated);
  // The origin depends on it, because the header has the position of the centre.
  const spacing = spacingProblem === undefined ? stated : (spacingMm ?? ([1, 1, 1] as const));
  const steps = perAxis((axis) =>
    perAxis((row) => Math.fround(view.getFloat32(42 + 12 * axis + 4 * row) * spacing[axis])),
  );
  const origin = perAxis((row) => {
    const toCentre = steps.reduce((sum, step, axis) => sum + (step[row] * (lengths[axis] ?? NaN)) / 2, 0);
    return Math.fround(view.getFloat32(78 + 4 * row) - toCentre);
  });
  return checkedImageHeader(
    { lengths, channels: view.getInt32(16), steps, origin, spacingProblem },
    { dataType, littleEndian: false, interleaved: false, dataOffsetBytes: mghHeaderBytes },
    { source, spacingMm },
  );
}
