import { symbol, symbolCircle, symbolCross, symbolSquare, symbolTriangle } from 'd3-shape';

import { markup, type Markup } from '../markup/markup.js';
import { coordinate } from './shapes.js';

const symbols = [symbolCircle, symbolSquare, symbolTriangle, symbolCross] as const;

/**
 * The mark of the n-th series: circle, square, triangle or upright cross, all of the given `area`. Series differ in
 * shape as well as in colour, so that figures can be read in greyscale. From the fifth on, colours come again with other
 * shapes: the first sixteen differ.
 */
export function seriesMark(series: number, x: number, y: number, area = 64): Markup {
  const type = symbols[(series + Math.floor(series / symbols.length)) % symbols.length] ?? symbolCircle;
  const path = symbol(type, area).digits(2)() ?? '';
  return markup`<path class="mark" transform="translate(${coordinate(x)} ${coordinate(y)})" d="${path}"/>`;
}

/** The class of the n-th series in a figure with the page's palette, which has as many colours as there are marks. */
export function seriesClass(series: number): string {
  return `series-${series % symbols.length}`;
}
