import type { Results } from '../../results/results.js';
import { collapseHeading, collapseNotes } from '../words/collapse-notes.js';
import { markup, nothing, type Markup } from '../../markup/markup.js';

/** A warning about collapsed trainings; empty if there are none. */
export function collapseWarning(results: Results): Markup {
  const notes = collapseNotes(results);
  if (notes.length === 0) return nothing;
  const items = notes.map((note) => markup`<li>${note}</li>`);
  return markup`<div class="warning" id="collapsed"><p><strong>${collapseHeading(results)}</strong> A constant prediction can be the optimum of the loss if the images carry no information, or it can be a failed training; a run with a lower learning rate distinguishes the two. To count collapsed trainings as failed, set <code>training.onConstantPrediction: diverge</code>.</p><ul>${items}</ul></div>`;
}
