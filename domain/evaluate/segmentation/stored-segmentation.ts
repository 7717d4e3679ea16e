import { DomainError } from '../../domain-error.js';
import type { CoverageMap, StoredImage } from '../../image/grid.js';
import { structureOf, type LabelRule } from '../../preprocess/mask/structure-of.js';

/** A structure as a file describes it. */
export interface StoredSegmentation extends CoverageMap {
  /** `mask`: 0 and 1. `map`: a probability, or the share that the structure covers, for each voxel. */
  readonly kind: 'mask' | 'map';
}

/** How far rounding may carry a probability beyond 0 and 1. */
const overshoot = 1e-6;

/**
 * The structure in an image: a map if it has values that are no whole numbers, else a mask, whose structure is what `rule`
 * selects or, without it, the only value but 0. Values of maps that rounding has carried beyond 0 or 1 are brought back.
 *
 * Throws LABEL_INVALID for a mask of several values without `rule`, and IMAGE_VALUES_INVALID for a map with values
 * outside [0, 1]; both name `source`.
 */
export function segmentationOf(
  { grid, values }: StoredImage,
  { source, rule }: { readonly source: string; readonly rule?: LabelRule | undefined },
): StoredSegmentation {
  if (values instanceof Float32Array && hasFraction(values)) {
    return { kind: 'map', grid, values: probabilitiesOf(values, source) };
  }
  return { kind: 'mask', ...structureOf({ grid, values }, { source, rule }) };
}

function hasFraction(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isInteger(values[i])) return true;
  return false;
}

function probabilitiesOf(values: Float32Array, source: string): Float32Array {
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number; // in range
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (least >= 0 && most <= 1) return values;
  if (least >= -overshoot && most <= 1 + overshoot) return values.map((value) => Math.min(1, Math.max(0, value)));
  const range = [least, most].map((value) => String(Number(value.toPrecision(4)))).join(' to ');
  throw new DomainError(
    'IMAGE_VALUES_INVALID',
    `${source}: its values go from ${range}; expected probabilities from 0 to 1, or a mask of whole numbers`,
    { source, least, most },
  );
}
