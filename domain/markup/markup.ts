import { visibleText } from './visible-text.js';

/** HTML or SVG source; any other value inserted into `markup` is escaped. */
export class Markup {
  constructor(readonly source: string) {}
}

export type MarkupValue = string | number | Markup | readonly Markup[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes the text for use in elements and in quoted attributes. */
function escapeMarkup(text: string): string {
  return visibleText(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/**
 * A tagged template for HTML and SVG: the template itself is markup, every inserted value is text unless it is
 * `Markup`. A case named `<script>` therefore cannot become markup through a forgotten call to escape it.
 */
export function markup(strings: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  let source = strings[0] ?? '';
  values.forEach((value, index) => {
    source += sourceOf(value) + (strings[index + 1] ?? '');
  });
  return new Markup(source);
}

/** Empty markup. */
export const nothing = new Markup('');

function sourceOf(value: MarkupValue): string {
  if (typeof value === 'string') return escapeMarkup(value);
  if (typeof value === 'number') return String(value);
  return value instanceof Markup ? value.source : value.map((item) => item.source).join('');
}
