import type { CollapsedTraining } from '../../results/results-input.js';
import type { Results } from '../../results/results.js';
import { counted, listed } from './format-number.js';
import { lossLong, lossShort, modelLabel } from './labels.js';
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

/** Arms named in a heading; of more, it gives the number. */
const mostNamed = 3;

/** Heading of the notes. */
export function collapseHeading({ source: { collapses } }: Results): string {
  const arms = [
    ...new Set(
      collapses.map(({ dataSet, model, loss }) => `${modelLabel(model)} ${lossShort(loss)} on ${visibleText(dataSet)}`),
    ),
  ];
  const which = arms.length <= mostNamed ? listed(arms) : `of ${counted(arms.length, 'arm')}`;
  return `${counted(collapses.length, 'training')} collapsed (${which}); the means include ${collapses.length === 1 ? 'it' : 'them'}.`;
}

/** A sentence for the card of a data set; none without a collapse of the model that judges it. */
export function collapseRemarks(
  dataSet: string,
  model: string | null,
  collapses: readonly CollapsedTraining[],
): string[] {
  const own = collapses.filter((one) => one.dataSet === dataSet && one.model === model);
  return [...new Set(own.map(({ loss }) => loss))].map((loss) => {
    const count = own.filter((one) => one.loss === loss).length;
    return `${counted(count, 'training')} with ${lossLong(loss)} collapsed to a constant prediction: its means and tests are of no use for comparing losses.`;
  });
}
