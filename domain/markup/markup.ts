import { visibleText } from './visible-text.js';

/** Text that is HTML or SVG already; anything else put into `markup` is escaped. */
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

/** The text with what HTML would read as markup replaced, fit for elements and for quoted attributes. */
export function escapeMarkup(text: string): string {
  return visibleText(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/**
 * A tagged template for HTML and SVG: what is written in the template is markup, whatever is put in is text, unless
 * it is `Markup` itself. So a case called `<script>` cannot become one by a forgotten call.
 */
export function markup(strings: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  let source = strings[0] ?? '';
  values.forEach((value, index) => {
    source += sourceOf(value) + (strings[index + 1] ?? '');
  });
  return new Markup(source);
}

/** No markup at all. */
export const nothing = new Markup('');

function sourceOf(value: MarkupValue): string {
  if (typeof value === 'string') return escapeMarkup(value);
  if (typeof value === 'number') return String(value);
  return value instanceof Markup ? value.source : value.map((item) => item.source).join('');
}
