import type { Gap } from './report-input.js';
import type { Table1 } from './table1.js';

/** Every fold that the table lacks, with the reason where one is known: no gap stays unmentioned. */
export function allGaps(table: Table1, known: readonly Gap[]): Gap[] {
  return table.dataSets.flatMap(({ name, arms }) =>
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
