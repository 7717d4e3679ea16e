import type { Results } from '../../results/results.js';
import { collapseHeading, collapseNotes } from '../words/collapse-notes.js';
import { markup, nothing, type Markup } from '../../markup/markup.js';

/** The collapsed trainings as a warning; nothing where there is none. */
export function collapseWarning(results: Results): Markup {
  const notes = collapseNotes(results);
  if (notes.length === 0) return nothing;
  const items = notes.map((note) => markup`<li>${note}</li>`);
  return markup`<div class="warning" id="collapsed"><p><strong>${collapseHeading(results)}</strong> A constant may be what the loss asks for, where images tell nothing, or a training that went wrong: a lower learning rate tells. Where it should count as a failure, the config says <code>training.onConstantPrediction: diverge</code>.</p><ul>${items}</ul></div>`;
}
