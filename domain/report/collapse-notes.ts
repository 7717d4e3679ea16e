import { counted, listed } from './format-number.js';
import { lossShort, modelLabel } from './labels.js';
import { markup, nothing, type Markup } from './markup.js';
import type { CollapsedTraining } from './report-input.js';
import type { Table1 } from './table1.js';
import { visibleText } from './visible-text.js';

export interface CollapseContext {
  readonly table: Table1;
  readonly collapses: readonly CollapsedTraining[];
}

/** A sentence for each arm with collapsed trainings and each kind of collapse, in the order of the table. */
export function collapseNotes({ table, collapses }: CollapseContext): string[] {
  return table.dataSets.flatMap(({ name, arms }) =>
    arms.flatMap(({ model, loss }) => {
      const own = collapses
        .filter((one) => one.dataSet === name && one.model === model && one.loss === loss)
        .toSorted((a, b) => a.fold - b.fold);
      const arm = `${visibleText(name)}, ${modelLabel(model)} ${lossShort(loss)}`;
      return [
        ...noteOf(own, true, (folds) => `${arm}: predicts the same probability at every voxel: ${folds}.`),
        ...noteOf(
          own,
          false,
          (folds) =>
            `${arm}: predicts the same probability at every voxel right after the epoch that is kept: ${folds}.`,
        ),
      ];
    }),
  );
}

function noteOf(own: readonly CollapsedTraining[], kept: boolean, sentence: (folds: string) => string): string[] {
  const folds = own
    .filter((one) => one.kept === kept)
    .map(({ fold, sinceEpoch }) => `${String(fold)} (since epoch ${String(sinceEpoch)})`);
  return folds.length === 0 ? [] : [sentence(`${folds.length === 1 ? 'fold' : 'folds'} ${listed(folds)}`)];
}

/** What stands above the notes. */
export function collapseHeading({ collapses }: CollapseContext): string {
  return `${counted(collapses.length, 'training')} collapsed; the means are with ${collapses.length === 1 ? 'it' : 'them'}.`;
}

/** The notes as a warning; nothing where no training has collapsed. */
export function collapseWarning(context: CollapseContext): Markup {
  const notes = collapseNotes(context);
  if (notes.length === 0) return nothing;
  const items = notes.map((note) => markup`<li>${note}</li>`);
  return markup`<div class="warning" id="collapsed"><p><strong>${collapseHeading(context)}</strong> A constant may be what the loss asks for, where images tell nothing, or a training that went wrong: a lower learning rate tells. Where it should count as a failure, the config says <code>training.onConstantPrediction: diverge</code>.</p><ul>${items}</ul></div>`;
}
