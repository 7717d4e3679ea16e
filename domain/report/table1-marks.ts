import { metrics, type MetricName } from '../evaluate/metrics.js';
import { unitLabel } from '../evaluate/voxel-size.js';
import type { ComparisonIndex } from '../statistics/comparison-index.js';
import type { Table1, Table1Arm, Table1DataSet } from './table1.js';

/** What the statistics say of one cell of Table 1. */
export interface CellMarks {
  /** Volume errors: mean significantly above (the paper's bold) or below 0 (italic). */
  readonly bias: 'over' | 'under' | null;
  /** Scores and losses: significantly better than every other loss of the same model. */
  readonly better: boolean;
  /** Some of its folds have no results. */
  readonly incomplete: boolean;
}

/** The marks of one metric of one arm. */
export function marksOf({
  table,
  dataSet,
  arm,
  metric,
  comparisons,
}: {
  readonly table: Table1;
  readonly dataSet: Table1DataSet;
  readonly arm: Table1Arm;
  readonly metric: MetricName;
  readonly comparisons: ComparisonIndex;
}): CellMarks {
  const subject = { dataSet: dataSet.name, model: arm.model, loss: arm.loss };
  const incomplete = arm.missingFolds.length > 0;
  const { better } = metrics[metric];
  if (better === 'zero') {
    const test = comparisons.againstZero(subject, metric);
    const bias = test?.significant !== true ? null : test.mean > 0 ? 'over' : 'under';
    return { bias, better: false, incomplete };
  }
  const others = table.losses.filter((loss) => loss !== arm.loss);
  const wins = others.filter((other) => {
    const test = comparisons.lossPair(subject, other, metric);
    return test?.significant === true && (better === 'higher' ? test.mean > 0 : test.mean < 0);
  });
  return { bias: null, better: others.length > 0 && wins.length === others.length, incomplete };
}

/** The marks as they stand behind a number in plain text. */
export function markText({ bias, better, incomplete }: CellMarks): string {
  return `${better ? '*' : ''}${bias === 'over' ? '▲' : bias === 'under' ? '▼' : ''}${incomplete ? '†' : ''}`;
}

/** The row's heading; volume errors with their unit. */
export function metricLabel(metric: MetricName, dataSet: Table1DataSet): string {
  const { label, better } = metrics[metric];
  return better === 'zero' ? `${label} (${unitLabel(dataSet.unit)})` : label;
}

/** What the marks mean, at a level of significance such as 0.05; that of missing folds only where some are missing. */
export function legendOf(table: Table1, significance: number): readonly string[] {
  const gaps = table.dataSets.some(({ arms }) => arms.some(({ missingFolds }) => missingFolds.length > 0));
  return [
    `▲ volume overestimated, ▼ underestimated (mean ΔV against 0, p < ${significance})`,
    `* better than the other loss of the same model (p < ${significance})`,
    ...(gaps ? ['† some folds have no results'] : []),
  ];
}
