import { markup, nothing, type Markup } from '../markup/markup.js';
import type { Panel } from './panel-grid.js';

/** A coordinate with at most one decimal: figures are compact and have the same bytes on every machine. */
export function coordinate(value: number): string {
  return String(Number(value.toFixed(1)) + 0); // + 0 makes −0 a 0
}

/** A filled rectangle; nothing if its width is not positive. */
export function box(name: string, { left, right, top, bottom }: Panel): Markup {
  const [width, height] = [Math.max(0, right - left), Math.max(0, bottom - top)];
  return markup`<rect class="${name}" x="${coordinate(left)}" y="${coordinate(top)}" width="${coordinate(width)}" height="${coordinate(height)}"/>`;
}

/** A horizontal line across a panel or part of it. */
export function horizontal(name: string, y: number, { left, right }: Pick<Panel, 'left' | 'right'>): Markup {
  return markup`<path class="${name}" d="M${coordinate(left)} ${coordinate(y)}H${coordinate(right)}"/>`;
}

/** A vertical line across a panel or part of it. */
export function vertical(name: string, x: number, { top, bottom }: Pick<Panel, 'top' | 'bottom'>): Markup {
  return markup`<path class="${name}" d="M${coordinate(x)} ${coordinate(top)}V${coordinate(bottom)}"/>`;
}

export interface Place {
  readonly x: number;
  /** The baseline. */
  readonly y: number;
  readonly anchor?: 'start' | 'middle' | 'end';
  /** Rotated to read upwards. */
  readonly upwards?: boolean;
}

/** A line of text; an empty class name means plain text. */
export function words(name: string, text: string, { x, y, anchor = 'start', upwards = false }: Place): Markup {
  const [left, baseline] = [coordinate(x), coordinate(y)];
  const kind = name === '' ? nothing : markup` class="${name}"`;
  const place = upwards
    ? markup` transform="translate(${left} ${baseline}) rotate(-90)"`
    : markup` x="${left}" y="${baseline}"`;
  const aligned = anchor === 'start' ? nothing : markup` text-anchor="${anchor}"`;
  return markup`<text${kind}${place}${aligned}>${text}</text>`;
}
