import { symbol, symbolCircle, symbolCross, symbolSquare, symbolTriangle } from 'd3-shape';

import { markup, type Markup } from '../markup/markup.js';
import { lightPalette } from './palette.js';
import { coordinate } from './shapes.js';

const symbols = [symbolCircle, symbolSquare, symbolTriangle, symbolCross] as const;

/**
 * The mark of the n-th series: circle, square, triangle or upright cross, all of the given `area`. Series differ in
 * shape as well as in colour, so that figures can be read in greyscale: of the first sixteen, any two of the same colour or
 * the same shape differ in the other.
 */
export function seriesMark(series: number, x: number, y: number, area = 64): Markup {
  const type = symbols[(series + Math.floor(series / symbols.length)) % symbols.length] ?? symbolCircle;
  const path = symbol(type, area).digits(2)() ?? '';
  return markup`<path class="mark" transform="translate(${coordinate(x)} ${coordinate(y)})" d="${path}"/>`;
}

/** The class of the n-th series in a figure with the page's palette. */
export function seriesClass(series: number): string {
  return `series-${series % lightPalette.series.length}`;
}
