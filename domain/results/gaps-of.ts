import type { ResultsArm } from './results.js';
import type { Gap } from './results-input.js';

/** Every fold that an arm lacks, with the reason if known, so that no gap goes unreported. */
export function gapsOf(
  dataSets: readonly { readonly name: string; readonly arms: readonly ResultsArm[] }[],
  known: readonly Gap[],
): Gap[] {
  return dataSets.flatMap(({ name, arms }) =>
    arms.flatMap(({ model, loss, missingFolds }) =>
      missingFolds.map((fold) => {
        const reason = known.find(
          (gap) => gap.dataSet === name && gap.model === model && gap.loss === loss && gap.fold === fold,
        )?.reason;
        return { dataSet: name, model, loss, fold, reason: reason ?? 'no result was recorded' };
      }),
    ),
  );
}
