import { leastShearDegrees, shearDegrees } from '../image/affine.js';
import type { Grid, StoredValues } from '../image/grid.js';
import { niftiGrid, type NiftiHeader } from './nifti-header.js';
import type { NiftiValueForm } from './nifti-values.js';
import { counted } from '../report/words/format-number.js';

/** Spacings outside this range, in mm, are more often a wrong unit of length than true. */
const usualSpacingMm = { least: 1e-3, most: 50 } as const;

/** NIfTI's codes of a position end here. */
const mostFormCode = 5;

/** From here on, different whole numbers become the same float32. */
const firstInexact = 2 ** 24;

/** What a user should know of a NIfTI file that can be read, beyond `gridRemarks`; phrased to follow its name. */
export function niftiRemarks(header: NiftiHeader): string[] {
  const { sformCode, qformCode, formsApartMm } = header;
  const remarks: string[] = [];
  if (!(sformCode > 0 || qformCode > 0)) {
    remarks.push('it has neither sform nor qform, so its position is unknown and x is taken to increase to the left');
  }
  if (sformCode > mostFormCode) {
    remarks.push(`its sform_code is ${sformCode}, which NIfTI does not know; the sform is used, but others ignore it`);
  }
  if (formsApartMm === null && sformCode > 0 && qformCode > 0) remarks.push('its qform is damaged; the sform is used');
  if (formsApartMm !== null && formsApartMm > Math.min(...niftiGrid(header).spacingMm)) {
    remarks.push(`its sform and qform contradict each other by ${rounded(formsApartMm)} mm; the sform is used`);
  }
  return remarks;
}

/** What a user should know of any file's grid in mm. */
export function gridRemarks(grid: Grid): string[] {
  const { spacingMm } = grid;
  const remarks = shearRemarks(grid);
  if (spacingMm.some((length) => length < usualSpacingMm.least || length > usualSpacingMm.most)) {
    const spacing = spacingMm.map(rounded).join('×');
    remarks.push(`its spacing is ${spacing} mm; if that is wrong, set overrideSpacingMm`);
  }
  return remarks;
}

/** Of a grid whose axes are not perpendicular; none for others. */
export function shearRemarks({ affine }: Pick<Grid, 'affine'>): string[] {
  const shear = shearDegrees(affine);
  if (shear <= leastShearDegrees) return [];
  return [shearRemark(shear)];
}

export function shearRemark(degrees: number): string {
  return `its axes are sheared by ${rounded(degrees)}°, and stay so when it is resampled`;
}

/**
 * What a user should know of a file's values: whole numbers that float32 may not hold exactly; undefined without any. Labels
 * may be stored as float64, too.
 */
export function integerRemark(
  { dataType, slope, intercept }: NiftiValueForm,
  channels: readonly StoredValues[],
  isMask: boolean,
): string | undefined {
  const types = isMask ? /^(u?int(32|64)|float64)$/ : /^u?int(32|64)$/;
  if (!types.test(dataType)) return undefined;
  let count = 0;
  for (const values of channels) {
    for (let i = 0; i < values.length; i++) {
      if (Math.abs(((values[i] as number) - intercept) / slope) >= firstInexact) count++; // in range
    }
  }
  return count === 0
    ? undefined
    : `${counted(count, 'voxel')} ${count === 1 ? 'is a whole number of 2²⁴ or more, which is' : 'are whole numbers of 2²⁴ or more, which are'} rounded to float32`;
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/** On voxels that a reader has set to 0; none if there were none. */
export function nonFiniteRemarks(voxels: number): string[] {
  return voxels > 0
    ? [
        `${counted(voxels, 'voxel')} ${voxels === 1 ? 'is NaN or infinite and becomes' : 'are NaN or infinite and become'} 0`,
      ]
    : [];
}
