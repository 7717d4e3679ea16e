import { coordinate } from './figure-scale.js';
import { markup, type Markup } from './page/markup.js';

/**
 * The mark of the n-th loss: circle, square, triangle, upright cross. Losses differ in shape as well as in colour,
 * so figures can be read in greyscale.
 */
export function lossMark(loss: number, x: number, y: number): Markup {
  const [cx, cy] = [coordinate(x), coordinate(y)];
  switch (loss % 4) {
    case 0:
      return markup`<circle class="mark" cx="${cx}" cy="${cy}" r="4.5"/>`;
    case 1:
      return markup`<rect class="mark" x="${coordinate(x - 4)}" y="${coordinate(y - 4)}" width="8" height="8"/>`;
    case 2:
      return markup`<path class="mark" d="M${cx} ${coordinate(y - 5)}l5 9h-10z"/>`;
    default:
      return markup`<path class="mark" d="M${coordinate(x - 5)} ${coordinate(y - 1.5)}h3.5v-3.5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5z"/>`;
  }
}
