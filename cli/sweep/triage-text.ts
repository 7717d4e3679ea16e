import { triageMatrices, triageOfOthers, triageWords, type TriagedUnit } from '../../domain/plan/triage.js';
import { textTable } from '../terminal/table.js';

/** What has become of a sweep's units: for each data set a table of arms by folds, then the other units that stand out. */
export function triageText(units: readonly TriagedUnit[]): string {
  const tables = triageMatrices(units).map(({ dataSet, folds, rows }) => {
    const head = [dataSet, ...folds.map((fold) => `fold ${fold}`)];
    return textTable(
      head,
      rows.map(({ arm, cells }) => [arm, ...cells]),
    );
  });
  return [...tables, ...triageOfOthers(units).map((one) => `${one.unit}: ${triageWords(one)}`)].join('\n');
}
