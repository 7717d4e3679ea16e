/**
 * Elements of the page. Text is only ever set as text: names come from configs and files.
 */

/** An element with attributes, and with texts or elements inside. Attributes that are undefined are left out. */
export function element(name, attributes = {}, ...inside) {
  return filled(document.createElement(name), attributes, inside);
}

/** The same of a drawing. */
export function shape(name, attributes = {}, ...inside) {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, inside);
}

function filled(made, attributes, inside) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(key, String(value));
  }
  made.append(...inside);
  return made;
}

export const byId = (id) => document.getElementById(id);

/** Replaces what is inside an element, unless the value that it shows is the same: what is selected or has the focus stays so. */
export function show(place, value, make) {
  const text = JSON.stringify(value);
  if (place.shown === text) return;
  place.shown = text;
  place.replaceChildren(...make());
}

/** A mark that is seen, with words that are read aloud. */
export function marked(mark, words) {
  const seen = element('span', { 'aria-hidden': 'true', class: 'mark' }, mark);
  return [seen, element('span', { class: 'read' }, words)];
}
