import { seriesClass } from '../../figures/series-mark.js';
import { markup } from '../../markup/markup.js';
import type { Results } from '../../results/results.js';
import { percent } from '../words/format-number.js';
import { lossLong, lossShort, testLabels } from '../words/labels.js';
import type { MarkMeaning } from './mark-meanings.js';

/** The classes of the lines and whiskers of Bland and Altman's figure. */
export const lineClasses = {
  mean: 'mean',
  limit: 'curve thin dash-2',
  slope: 'curve',
  meanInterval: 'whisker',
  limitInterval: 'whisker thin dash-2',
} as const;

/** The marks of Bland and Altman's figure: points, lines and whiskers. */
export function agreementMeanings({
  losses,
  confidence,
  repeats,
  rules,
}: Pick<Results, 'losses' | 'confidence' | 'repeats' | 'rules'>): MarkMeaning[] {
  const point = repeats > 1 ? 'a case, mean over its repeats' : 'a case';
  const points = losses.map((loss, position) => ({
    sample: markup`<g class="dots ${seriesClass(position)}"><path d="M13 9h0"/></g>`,
    text: `${lossShort(loss)}: ${point}, trained with ${lossLong(loss)}`,
  }));
  const interval = `${percent(confidence)} % confidence interval of`;
  return [
    ...points,
    levelMeaning(lineClasses.mean, 'mean difference'),
    levelMeaning(lineClasses.limit, 'limits of agreement'),
    levelMeaning(lineClasses.slope, 'proportional bias'),
    whiskerMeaning(lineClasses.meanInterval, `${interval} the mean, ${testLabels[rules.decides]}`),
    whiskerMeaning(lineClasses.limitInterval, `${interval} a limit, ${testLabels.conditional}`),
  ];
}

function levelMeaning(name: string, text: string): MarkMeaning {
  return { sample: markup`<g class="series-0"><path class="${name}" d="M0 9H26"/></g>`, text };
}

function whiskerMeaning(name: string, text: string): MarkMeaning {
  return { sample: markup`<g class="series-0"><path class="${name}" d="M13 2V16M10 2h6M10 16h6"/></g>`, text };
}
