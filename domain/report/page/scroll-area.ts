import { markup, type Markup } from '../../markup/markup.js';

/** The attributes of an element whose content may be wider than the page: it is scrolled sideways, also by keys. */
export function scrollArea(name: string): Markup {
  return markup`class="scroll" role="group" tabindex="0" aria-label="${name}"`;
}
