import { markup, type Markup } from '../../markup/markup.js';
import { tied } from './sections.js';

/** A line below the value of a table's cell. It is broken after its commas only, so that no name is parted from its value. */
export function noteLine(text: string): Markup {
  const parts = tied(text)
    .split(/(?<=,) /)
    .map((part, index) => markup`${index === 0 ? '' : ' '}<span class="part">${part}</span>`);
  return markup`<br><small class="note">${parts}</small>`;
}
