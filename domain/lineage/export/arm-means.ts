import { meanOf, reportedCaseMeans } from '../../evaluate/case-means.js';
import type { ReportedRow } from '../../evaluate/evaluation-row.js';
import { grouped } from '../../plan/grouped.js';
import { tableMeasureNames, tableMeasureOf, type TableMeasureName } from '../traced-measure.js';

/** Means over cases: of an arm, as in Table 1, or of the held-out cases of one of its trainings. */
export interface ArmMeans {
  readonly dataSet: string;
  readonly model: string;
  readonly loss: string;
  /** The training's place; absent for an arm. */
  readonly training?: { readonly fold: number; readonly repeat: number };
  readonly values: Readonly<Record<TableMeasureName, number>>;
}

/** The means of every arm and of every training that has rows. */
export function armMeans(rows: readonly ReportedRow[]): ArmMeans[] {
  const arms = groupsOf(rows, ({ dataSet, model, loss }) => `${dataSet} ${model} ${loss}`);
  const trainings = arms.flatMap((arm) => groupsOf(arm, ({ fold, repeat = 0 }) => `${fold} ${repeat}`));
  return [
    ...arms.flatMap((arm) => meansOf(arm, reportedCaseMeans(arm))),
    ...trainings.flatMap((own) =>
      own.slice(0, 1).flatMap(({ fold, repeat = 0 }) => meansOf(own, own, { training: { fold, repeat } })),
    ),
  ];
}

function meansOf(
  [first]: readonly ReportedRow[],
  cases: readonly ReportedRow[],
  more: Pick<ArmMeans, 'training'> = {},
): ArmMeans[] {
  if (first === undefined) return [];
  const { dataSet, model, loss } = first;
  const means = tableMeasureNames.map((name) => [name, meanOf(cases, (row) => tableMeasureOf(row, name))] as const);
  const values = Object.fromEntries(means) as Record<TableMeasureName, number>; // one for each name
  return [{ dataSet, model, loss, ...more, values }];
}

function groupsOf(rows: readonly ReportedRow[], nameOf: (row: ReportedRow) => string): ReportedRow[][] {
  return [...grouped(rows, nameOf).values()];
}
