import type { Results } from '../../results/results.js';

/** What true volumes are where networks could not see all of them; nothing where they could. For the captions of figures and tables. */
export function seenWords({ source: { rows } }: Pick<Results, 'source'>): string {
  if (rows.every(({ unpredictableVolume }) => unpredictableVolume === 0)) return '';
  return ' True volumes are without what no network could see (outside the crop, the mask or the prepared image), as in ΔV.';
}
