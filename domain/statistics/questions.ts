import { DomainError } from '../domain-error.js';
import type { EvaluationRow } from '../evaluate/evaluation-row.js';
import { metricNames, metrics, type MetricName } from '../evaluate/metrics.js';

interface Subject {
  readonly dataSet: string;
  readonly model: string;
  readonly metric: MetricName;
  readonly loss: string;
}

export type Question =
  /** Is the mean of this arm's metric (a volume error) 0? */
  | (Subject & { readonly kind: 'againstZero' })
  /**
   * Is the mean of (metric trained with `loss`) − (metric trained with `reference`) 0, for the same model and cases?
   */
  | (Subject & { readonly kind: 'lossPair'; readonly reference: string });

/** A question with its cases and values; questions over the same cases share bootstrap samples. */
export interface Column {
  readonly question: Question;
  readonly cases: readonly EvaluationRow[];
  readonly values: Float64Array;
}

/**
 * The questions that a model's rows can answer: each metric of each loss against that of each loss before it in `losses`,
 * over the cases that both arms have, and each volume error against 0. Throws ARGUMENT_INVALID if an arm has a case
 * twice.
 */
export function columnsOfModel({
  dataSet,
  model,
  losses,
  rows,
}: {
  readonly dataSet: string;
  readonly model: string;
  readonly losses: readonly string[];
  readonly rows: readonly EvaluationRow[];
}): Column[] {
  const armOf = new Map(losses.map((loss) => [loss, casesById(rows.filter((row) => row.loss === loss))]));
  const columns: Column[] = [];
  for (const metric of metricNames) {
    const { better, valueOf } = metrics[metric];
    losses.forEach((loss, position) => {
      const cases = [...(armOf.get(loss)?.values() ?? [])];
      if (better === 'zero' && cases.length > 0) {
        const question = { kind: 'againstZero', dataSet, model, metric, loss } as const;
        columns.push({ question, cases, values: Float64Array.from(cases, valueOf) });
      }
      for (const reference of losses.slice(0, position)) {
        const pairs = cases.flatMap((row) => {
          const other = armOf.get(reference)?.get(row.caseId);
          return other === undefined ? [] : [{ row, other }];
        });
        if (pairs.length === 0) continue;
        const question = { kind: 'lossPair', dataSet, model, metric, loss, reference } as const;
        const values = Float64Array.from(pairs, ({ row, other }) => valueOf(row) - valueOf(other));
        columns.push({ question, cases: pairs.map(({ row }) => row), values });
      }
    });
  }
  return columns;
}

/** An arm's rows by case, in the order of case ids, so that sums do not depend on the order in which units finished. */
function casesById(rows: readonly EvaluationRow[]): Map<string, EvaluationRow> {
  const byId = new Map(rows.toSorted((a, b) => (a.caseId < b.caseId ? -1 : 1)).map((row) => [row.caseId, row]));
  if (byId.size < rows.length) {
    const { dataSet, model, loss } = rows[0] as EvaluationRow; // fewer ids than rows: there are rows
    throw new DomainError('ARGUMENT_INVALID', `${dataSet}, ${model}/${loss}: a case is evaluated twice`);
  }
  return byId;
}
