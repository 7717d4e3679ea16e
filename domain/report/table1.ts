import type { EvaluationRow } from '../evaluate/evaluation-row.js';
import { metricNames, metrics, type MetricName } from '../evaluate/metrics.js';
import type { VolumeUnit } from '../evaluate/voxel-size.js';

/** What a table is expected to show, whether or not there are results for it. */
export interface Table1Layout {
  readonly dataSets: readonly { readonly name: string; readonly unit: VolumeUnit }[];
  readonly models: readonly string[];
  readonly losses: readonly string[];
  /** The folds that each arm should have. */
  readonly folds: readonly number[];
}

/** One arm of one data set: means over all cases of its folds. */
export interface Table1Arm {
  readonly model: string;
  readonly loss: string;
  readonly cases: number;
  readonly participants: number;
  /** null where there is no case. */
  readonly means: Readonly<Record<MetricName, number>> | null;
  /** Mean of the true volumes of the same cases, in the data set's unit; null where there is no case. */
  readonly meanTruthVolume: number | null;
  readonly missingFolds: readonly number[];
}

export interface Table1DataSet {
  readonly name: string;
  readonly unit: VolumeUnit;
  /** In the order of models, within a model of losses. */
  readonly arms: readonly Table1Arm[];
}

export interface Table1 {
  readonly models: readonly string[];
  readonly losses: readonly string[];
  readonly dataSets: readonly Table1DataSet[];
}

/** The numbers of Table 1: means over the cases (not over folds), as the paper has them. The order of rows is free. */
export function aggregate(rows: readonly EvaluationRow[], layout: Table1Layout): Table1 {
  const { models, losses, folds } = layout;
  const dataSets = layout.dataSets.map(({ name, unit }) => {
    const rowsOfDataSet = rows.filter((row) => row.dataSet === name);
    const arms = models.flatMap((model) =>
      losses.map((loss) => {
        const rowsOfArm = rowsOfDataSet.filter((row) => row.model === model && row.loss === loss);
        return aggregateArm({ model, loss, folds, rows: rowsOfArm });
      }),
    );
    return { name, unit, arms };
  });
  return { models, losses, dataSets };
}

function aggregateArm({
  model,
  loss,
  folds,
  rows,
}: {
  readonly model: string;
  readonly loss: string;
  readonly folds: readonly number[];
  readonly rows: readonly EvaluationRow[];
}): Table1Arm {
  // Sums of floating-point numbers depend on their order: sorted, the table has the same bytes however units ended.
  const sorted = rows.toSorted((a, b) => (a.caseId < b.caseId ? -1 : 1));
  const present = new Set(rows.map((row) => row.fold));
  return {
    model,
    loss,
    cases: rows.length,
    participants: new Set(rows.map((row) => row.participant)).size,
    means: rows.length === 0 ? null : meansOf(sorted),
    meanTruthVolume: rows.length === 0 ? null : mean(sorted, (row) => row.truthVolume),
    missingFolds: folds.filter((fold) => !present.has(fold)),
  };
}

function meansOf(rows: readonly EvaluationRow[]): Record<MetricName, number> {
  const entries = metricNames.map((name) => [name, mean(rows, metrics[name].valueOf)] as const);
  return Object.fromEntries(entries) as Record<MetricName, number>; // one entry for each metric name
}

function mean(rows: readonly EvaluationRow[], valueOf: (row: EvaluationRow) => number): number {
  return rows.reduce((sum, row) => sum + valueOf(row), 0) / rows.length;
}
