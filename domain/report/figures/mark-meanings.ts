import { seriesClass, seriesMark } from '../../figures/series-mark.js';
import { markup, type Markup } from '../../markup/markup.js';
import { lossLong, lossShort } from '../words/labels.js';

/** What a mark of a figure stands for. */
export interface MarkMeaning {
  /** Drawn in a box of `sampleBox`. */
  readonly sample: Markup;
  readonly text: string;
}

export const sampleBox = { width: 26, height: 18 } as const;

/** The marks of the losses and, where the figure has them, of intervals at a level such as `95 %` and of the theory. */
export function markMeanings(
  losses: readonly string[],
  { interval, withTheory = false }: { readonly interval?: string; readonly withTheory?: boolean },
): MarkMeaning[] {
  const ofLosses = losses.map((loss, position) => ({
    sample: markup`<g class="${seriesClass(position)}">${seriesMark(position, 13, 9)}</g>`,
    text: `${lossShort(loss)}: trained with ${lossLong(loss)}`,
  }));
  const whisker = markup`<g class="series-0"><path class="whisker" d="M2 9H24M2 5v8M24 5v8"/></g>`;
  const theory = markup`<path class="theory" d="M13 1V7l5 5 -5 5 -5 -5 5 -5"/>`;
  return [
    ...ofLosses,
    ...(interval === undefined ? [] : [{ sample: whisker, text: `${interval} confidence interval of the mean` }]),
    ...(withTheory ? [{ sample: theory, text: 'predicted by theory for the same cases and labels' }] : []),
  ];
}

/** The lines of learning curves. */
export const curveMeanings: readonly MarkMeaning[] = [
  { sample: curveSample('dash-0'), text: 'loss on validation cases' },
  { sample: curveSample('dash-1'), text: 'loss on training cases' },
];

function curveSample(dash: string): Markup {
  return markup`<g class="series-0"><path class="curve ${dash}" d="M0 9H26"/></g>`;
}
