import { Markup, markup } from '../markup/markup.js';
import { figureStylesheet } from './figure-stylesheet.js';
import type { Palette } from './palette.js';

/** A drawing whose looks come from a style sheet: in a page its own, in a file one with a palette. */
export interface Figure {
  readonly width: number;
  readonly height: number;
  /** What it shows, for those who cannot see it. */
  readonly label: string;
  readonly content: Markup;
}

/** The figure as an element of a page that has `figureStylesheet`; it takes the width that the page gives it. */
export function inlineSvg({ width, height, label, content }: Figure): Markup {
  return markup`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
${content}</svg>`;
}

/** Room round a figure that has a file to itself. */
const margin = 8;

/** The figure as an SVG file that needs nothing else: its style inside, on a background, with a size of its own. */
export function standaloneSvg({ width, height, label, content }: Figure, palette: Palette): string {
  const style = new Markup(
    `svg{font-family:Helvetica,Arial,"Liberation Sans",sans-serif}\n${figureStylesheet(palette)}`,
  );
  const size = markup`width="${width + 2 * margin}" height="${height + 2 * margin}"`;
  const viewBox = `${-margin} ${-margin} ${width + 2 * margin} ${height + 2 * margin}`;
  return markup`<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="${viewBox}" role="img">
<title>${label}</title>
<style>${style}</style>
<rect class="page" x="${-margin}" y="${-margin}" ${size}/>
${content}</svg>
`.source;
}
