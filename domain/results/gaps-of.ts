import type { ResultsArm } from './results.js';
import type { Gap } from './results-input.js';

/** Every training that an arm lacks, with the reason if known, so that no gap goes unreported. */
export function gapsOf(
  dataSets: readonly { readonly name: string; readonly arms: readonly ResultsArm[] }[],
  known: readonly Gap[],
): Gap[] {
  return dataSets.flatMap(({ name, arms }) =>
    arms.flatMap(({ model, loss, missingTrainings }) =>
      missingTrainings.map(({ fold, repeat }) => {
        const reason = known.find(
          (gap) =>
            gap.dataSet === name &&
            gap.model === model &&
            gap.loss === loss &&
            gap.fold === fold &&
            gap.repeat === repeat,
        )?.reason;
        return { dataSet: name, model, loss, fold, repeat, reason: reason ?? 'no result was recorded' };
      }),
    ),
  );
}
