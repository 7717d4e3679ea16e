import type { Panel } from '../../figures/panel-grid.js';
import { linearScale, type Scale } from '../../figures/scale.js';
import { coordinate, words } from '../../figures/shapes.js';
import { markup, type Markup } from '../../markup/markup.js';
import { medianCurve } from '../learning/median-curve.js';
import type { TrainingCurve } from '../learning/training-curve.js';

/**
 * The learning rates by epoch, on a logarithmic scale: a thin line for each training, a bold one for their median. The
 * highest and the lowest one are written beside it.
 */
export function rateStrip(trainings: readonly TrainingCurve[], x: Scale, { left, top, bottom }: Panel): Markup {
  const rates = trainings.map(({ history }) => history.map(({ learningRate }) => learningRate));
  let [lowest, highest] = [Infinity, 0];
  for (const rate of rates.flat()) [lowest, highest] = [Math.min(lowest, rate), Math.max(highest, rate)];
  const flat = lowest === highest;
  const middle = (top + bottom) / 2;
  const y = linearScale([Math.log(lowest), Math.log(highest)], flat ? [middle, middle] : [bottom - 3, top + 3]);
  const lines = rates.map((own) => markup`<path class="curve thin soft" d="${stepPath(own, x, y)}"/>`);
  const medians = medianCurve(rates.map((own) => own.map((rate, index) => ({ x: index + 1, y: rate }))));
  const bold = markup`<path class="curve" d="${stepPath(
    medians.map((point) => point.y),
    x,
    y,
  )}"/>`;
  const label = (rate: number, at: number): Markup =>
    words('tick', String(Number(rate.toPrecision(2))), { x: left - 4, y: at, anchor: 'end' });
  const labels = flat ? [label(highest, middle + 4)] : [label(highest, top + 8), label(lowest, bottom + 1)];
  return markup`${lines}${bold}${labels}`;
}

/** A line that is level until the rate changes, and then drops at once. */
function stepPath(rates: readonly number[], x: Scale, y: Scale): string {
  let path = '';
  let before: number | undefined;
  rates.forEach((rate, index) => {
    if (rate === before) return;
    const [at, level] = [coordinate(x(index + 1)), coordinate(y(Math.log(rate)))];
    path += before === undefined ? `M${at} ${level}` : `H${at}V${level}`;
    before = rate;
  });
  return rates.length === 0 ? '' : `${path}H${coordinate(x(rates.length))}`;
}
