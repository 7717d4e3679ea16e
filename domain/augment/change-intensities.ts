import { quantileOfSorted } from '../statistics/quantile.js';
import type { IntensityTransform } from './draw-augmentation.js';

/** Which voxels of a case the changes of its intensities concern; 1 inside. */
export interface IntensityRegion {
  /** The image without its padding. */
  readonly image: Uint8Array;
  /** The tissue in it: the case's mask, or the image where there is none. */
  readonly tissue: Uint8Array;
}

/**
 * Applies gamma, scale and shift to one modality, in place. Padding is not changed: it stays 0, the mean of normalised
 * images.
 *
 * Gamma acts on the tissue between two of its percentiles, L and H: v ← L + (H − L)·((v − L)/(H − L))^γ. Values outside
 * [L, H] are unchanged, which keeps the order of all values, because gamma keeps L and H themselves; so outliers such as
 * metal or air neither move nor stretch the range in which tissue moves. Nothing changes if L = H. Then v ← scale·v +
 * shift throughout the image.
 */
export function changeIntensitiesInto(
  values: Float32Array,
  { gamma, percentiles, scale, shift }: IntensityTransform,
  { image, tissue }: IntensityRegion,
): void {
  if (gamma !== 1) changeGammaInto(values, gamma, { percentiles, tissue });
  if (scale === 1 && shift === 0) return;
  for (let i = 0; i < values.length; i++) if (image[i] === 1) values[i] = scale * (values[i] as number) + shift;
}

function changeGammaInto(
  values: Float32Array,
  gamma: number,
  { percentiles, tissue }: { readonly percentiles: readonly [number, number]; readonly tissue: Uint8Array },
): void {
  const sorted = sortedWithin(values, tissue);
  if (sorted.length === 0) return;
  const [lowest, highest] = percentiles.map((percent) => quantileOfSorted(sorted, percent / 100)) as [number, number];
  const range = highest - lowest;
  if (!(range > 0)) return;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (tissue[i] !== 1 || value <= lowest || value >= highest) continue;
    // Never above H by rounding: the next value may be H itself.
    values[i] = Math.min(highest, lowest + range * ((value - lowest) / range) ** gamma);
  }
}

/** The values inside, in ascending order. */
export function sortedWithin(values: Float32Array, inside: Uint8Array): Float32Array {
  return values.filter((_, i) => inside[i] === 1).sort();
}

/**
 * The voxels of a case that are not padding. Padding is exactly 0 in every modality; a voxel of the image that is too
 * has the mean intensity of all, and is left as it is.
 */
export function withoutPadding(images: readonly Float32Array[]): Uint8Array {
  const inside = new Uint8Array(images[0]?.length ?? 0);
  for (const values of images) {
    for (let i = 0; i < inside.length; i++) if (values[i] !== 0) inside[i] = 1;
  }
  return inside;
}
