import type { CollapsedTraining } from '../../results/results-input.js';
import type { Results } from '../../results/results.js';
import { counted, listed } from './format-number.js';
import { lossShort, modelLabel } from './labels.js';
import { visibleText } from '../../markup/visible-text.js';

/** A sentence for each arm with collapsed trainings and each kind of collapse, in table order. */
export function collapseNotes({ dataSets, source: { collapses } }: Results): string[] {
  return dataSets.flatMap(({ name, arms }) =>
    arms.flatMap(({ model, loss }) => {
      const own = collapses
        .filter((one) => one.dataSet === name && one.model === model && one.loss === loss)
        .toSorted((a, b) => a.fold - b.fold || (a.repeat ?? 0) - (b.repeat ?? 0));
      const arm = `${visibleText(name)}, ${modelLabel(model)} ${lossShort(loss)}`;
      return [
        ...noteOf(
          own,
          true,
          (folds) => `${arm}: the network predicts the same probability at every voxel in ${folds}.`,
        ),
        ...noteOf(
          own,
          false,
          (folds) =>
            `${arm}: directly after the best epoch, the network predicts the same probability at every voxel in ${folds}.`,
        ),
      ];
    }),
  );
}

function noteOf(own: readonly CollapsedTraining[], kept: boolean, sentence: (folds: string) => string): string[] {
  const folds = own
    .filter((one) => one.kept === kept)
    .map(({ fold, repeat, sinceEpoch }) => {
      const of = repeat === undefined ? '' : `repeat ${String(repeat)}, `;
      return `${String(fold)} (${of}since epoch ${String(sinceEpoch)})`;
    });
  return folds.length === 0 ? [] : [sentence(`${folds.length === 1 ? 'fold' : 'folds'} ${listed(folds)}`)];
}

/** Heading of the notes. */
export function collapseHeading({ source: { collapses } }: Results): string {
  return `${counted(collapses.length, 'training')} collapsed; the means include ${collapses.length === 1 ? 'it' : 'them'}.`;
}
