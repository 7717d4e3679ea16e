import { Markup, markup } from '../markup/markup.js';
import { figureStylesheet } from './figure-stylesheet.js';
import type { Palette } from './palette.js';

/** A drawing styled by a style sheet: the page's own, or one with a palette embedded in a file. */
export interface Figure {
  readonly width: number;
  readonly height: number;
  /** Accessible description of the figure. */
  readonly label: string;
  readonly content: Markup;
  /** The same content from top to bottom, for pages that may be broken between its parts. */
  readonly parts?: readonly FigurePart[];
}

/** A part of a figure between two heights. */
export interface FigurePart {
  readonly name: string;
  readonly top: number;
  readonly bottom: number;
  readonly content: Markup;
}

/**
 * The figure as elements of a page that includes `figureStylesheet`, one below the other for each part; they scale to the
 * available width.
 */
export function inlineSvg({ width, height, label, content, parts }: Figure): Markup {
  const drawn = (parts ?? [{ name: '', top: 0, bottom: height, content }]).map((part) => {
    const words = part.name === '' ? label : `${label}: ${part.name}`;
    return markup`<svg viewBox="0 ${part.top} ${width} ${part.bottom - part.top}" role="img" aria-label="${words}">
${part.content}</svg>`;
  });
  return markup`${drawn}`;
}

/** Margin around a figure in its own file. */
const margin = 8;

/** The figure as a self-contained SVG file with its own styles, background and size. */
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
