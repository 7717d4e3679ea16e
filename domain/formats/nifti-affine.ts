import { DomainError } from '../domain-error.js';
import { distanceApart } from '../image/affine.js';
import { perAxis, type Affine, type Triple } from '../image/grid.js';
import type { NiftiFields } from './nifti-fields.js';

/**
 * The affine of a NIfTI file, selected as in nibabel: the sform if its code is positive; else the qform if its code is
 * positive; else the spacing alone, with x increasing to the left (ANALYZE's default) and the origin at the centre.
 */
export function niftiAffine(fields: NiftiFields, shape: Triple, spacing: Triple, source: string): Affine {
  if (fields.sformCode > 0) return sform(fields);
  if (fields.qformCode > 0) {
    const affine = qform(fields, spacing);
    if (affine !== undefined) return affine;
    const quaternion = fields.quaternion.join(', ');
    throw new DomainError(
      'FILE_FORMAT_INVALID',
      `${source}: the quaternion of its qform, (${quaternion}), is longer than 1`,
      { source },
    );
  }
  const signed: Triple = [-spacing[0], spacing[1], spacing[2]];
  return perAxis((row) => {
    const step = perAxis((column) => (column === row ? signed[row] : 0));
    return [...step, (-(shape[row] - 1) / 2) * signed[row]] as const;
  });
}

/**
 * Largest distance between the positions that sform and qform give to a voxel, in the file's unit of length; undefined
 * if the file does not have both, or if one of them is damaged.
 */
export function formsApart(fields: NiftiFields, shape: Triple, spacing: Triple): number | undefined {
  if (!(fields.sformCode > 0 && fields.qformCode > 0)) return undefined;
  const other = qform(fields, spacing);
  const distance = other === undefined ? NaN : distanceApart(shape, sform(fields), other);
  return Number.isFinite(distance) ? distance : undefined;
}

function sform({ srow }: NiftiFields): Affine {
  return perAxis((row) => {
    const [x = NaN, y = NaN, z = NaN, origin = NaN] = srow.slice(row * 4);
    return [x, y, z, origin] as const;
  });
}

/**
 * The rotation by the unit quaternion (a, b, c, d), a ≥ 0, times the spacing; pixdim[0] gives the sign of z. Undefined
 * if b, c and d alone are longer than 1.
 */
function qform(fields: NiftiFields, spacing: Triple): Affine | undefined {
  const [b = NaN, c = NaN, d = NaN] = fields.quaternion;
  // As in nibabel: three times the machine epsilon of the header's float type.
  const rounding = 3 * (fields.version === 1 ? 2 ** -23 : 2 ** -52);
  const square = 1 - (b * b + c * c + d * d);
  if (!(square > -rounding)) return undefined;
  const a = square < rounding ? 0 : Math.sqrt(square);
  const scale = 2 / (a * a + b * b + c * c + d * d);
  const rotation = [
    [1 - scale * (c * c + d * d), scale * (b * c - a * d), scale * (b * d + a * c)],
    [scale * (b * c + a * d), 1 - scale * (b * b + d * d), scale * (c * d - a * b)],
    [scale * (b * d - a * c), scale * (c * d + a * b), 1 - scale * (b * b + c * c)],
  ];
  const sign = (fields.pixdim[0] ?? 1) < 0 ? -1 : 1;
  return perAxis((row) => {
    const [x = NaN, y = NaN, z = NaN] = rotation[row] ?? [];
    return [x * spacing[0], y * spacing[1], z * spacing[2] * sign, fields.qoffset[row] ?? NaN] as const;
  });
}
