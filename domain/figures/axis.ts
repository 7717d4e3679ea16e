import { markup, type Markup } from '../markup/markup.js';
import type { Panel } from './panel-grid.js';
import type { Scale, Tick } from './scale.js';
import { horizontal, vertical, words } from './shapes.js';

export interface AxisOptions {
  readonly ticks: readonly Tick[];
  /** `grid`: a line across the panel at each tick; `marks`: a short tick outside it; by default, labels only. */
  readonly lines?: 'grid' | 'marks';
  /** False leaves the labels to another panel of the row or column. */
  readonly labels?: boolean;
  readonly title?: string;
}

const markLength = 4;

/** The axis below a panel. */
export function bottomAxis(panel: Panel, scale: Scale, { ticks, lines, labels = true, title }: AxisOptions): Markup {
  const { left, right, bottom } = panel;
  const drawn = ticks.flatMap(({ value, label }) => {
    const x = scale(value);
    return [
      ...(lines === 'grid' ? [vertical('grid', x, panel)] : []),
      ...(lines === 'marks' ? [vertical('axis', x, { top: bottom, bottom: bottom + markLength })] : []),
      ...(labels ? [words('tick', label, { x, y: bottom + 14, anchor: 'middle' })] : []),
    ];
  });
  if (title !== undefined) drawn.push(words('', title, { x: (left + right) / 2, y: bottom + 30, anchor: 'middle' }));
  return markup`${drawn}`;
}

/** The axis left of a panel. */
export function leftAxis(panel: Panel, scale: Scale, { ticks, lines, labels = true, title }: AxisOptions): Markup {
  const { left, top, bottom } = panel;
  const labelsEnd = left - (lines === 'marks' ? markLength + 2 : 4);
  const drawn = ticks.flatMap(({ value, label }) => {
    const y = scale(value);
    return [
      ...(lines === 'grid' ? [horizontal('grid', y, panel)] : []),
      ...(lines === 'marks' ? [horizontal('axis', y, { left: left - markLength, right: left })] : []),
      ...(labels ? [words('tick', label, { x: labelsEnd, y: y + 4, anchor: 'end' })] : []),
    ];
  });
  if (title !== undefined) {
    drawn.push(words('', title, { x: left - 30, y: (top + bottom) / 2, anchor: 'middle', upwards: true }));
  }
  return markup`${drawn}`;
}
