import type { Normalisation } from '../preprocess/normalise.js';
import { quantileOfSorted } from '../statistics/quantile.js';
import type { AugmentableCase } from './augment-case.js';
import { sortedWithin, withoutPadding } from './change-intensities.js';

/** The middle and the bulk of a modality's tissue, in the image's own units; null without tissue. */
export interface TissueRange {
  /** 5th percentile. */
  readonly low: number;
  readonly median: number;
  /** 95th percentile. */
  readonly high: number;
}

/** The range of each modality's tissue, which is what the mask contains or, without a mask, all but the padding. */
export function tissueRanges(
  { images, mask }: AugmentableCase,
  normalisation: readonly Normalisation[],
): (TissueRange | null)[] {
  const tissue = mask ?? withoutPadding(images);
  return images.map((values, channel) => {
    const sorted = sortedWithin(values, tissue);
    if (sorted.length === 0) return null;
    const { mean, deviation } = normalisation[channel] ?? { mean: 0, deviation: 1 };
    const at = (share: number): number => mean + deviation * quantileOfSorted(sorted, share);
    return { low: at(0.05), median: at(0.5), high: at(0.95) };
  });
}
