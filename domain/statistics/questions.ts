import { DomainError } from '../domain-error.js';
import { caseMeans } from '../evaluate/case-means.js';
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

/** A question with its cases (means over repeats) and values; questions over the same cases share bootstrap samples. */
export interface Column {
  readonly question: Question;
  readonly cases: readonly EvaluationRow[];
  readonly values: Float64Array;
}

/**
 * The questions that a model's rows can answer: each metric of each loss against that of each loss before it in `losses`,
 * and each volume error against 0. A case's value is its mean over the repeats; a pair is over the cases and repeats that
 * both arms have. Throws ARGUMENT_INVALID if an arm has a repeat of a case twice.
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
  const rowsOf = new Map(losses.map((loss) => [loss, rowsByPlace(rows.filter((row) => row.loss === loss))]));
  const arms = [...rowsOf].map(([loss, own], position) => ({
    loss,
    cases: caseMeans([...own.values()]),
    pairs: [...rowsOf].slice(0, position).map(([reference, others]) => ({ reference, ...pairedMeans(own, others) })),
  }));
  const columns: Column[] = [];
  for (const metric of metricNames) {
    const { better, valueOf } = metrics[metric];
    for (const { loss, cases, pairs } of arms) {
      if (better === 'zero' && cases.length > 0) {
        const question = { kind: 'againstZero', dataSet, model, metric, loss } as const;
        columns.push({ question, cases, values: Float64Array.from(cases, valueOf) });
      }
      for (const { reference, own, others } of pairs) {
        if (own.length === 0) continue;
        const question = { kind: 'lossPair', dataSet, model, metric, loss, reference } as const;
        const differenceAt = (row: EvaluationRow, index: number): number =>
          valueOf(row) - valueOf(others[index] as EvaluationRow); // the same cases in the same order
        columns.push({ question, cases: own, values: Float64Array.from(own, differenceAt) });
      }
    }
  }
  return columns;
}

type RowsByPlace = ReadonlyMap<string, EvaluationRow>;

/** An arm's rows by case and repeat. */
function rowsByPlace(rows: readonly EvaluationRow[]): RowsByPlace {
  const byPlace = new Map(rows.map((row) => [JSON.stringify([row.caseId, row.repeat ?? 0]), row]));
  if (byPlace.size < rows.length) {
    const { dataSet, model, loss } = rows[0] as EvaluationRow; // fewer places than rows: there are rows
    throw new DomainError('ARGUMENT_INVALID', `${dataSet}, ${model}/${loss}: a case is evaluated twice`);
  }
  return byPlace;
}

/** The means of each case over the repeats that both arms have, for both arms. */
function pairedMeans(own: RowsByPlace, others: RowsByPlace): Record<'own' | 'others', EvaluationRow[]> {
  const sharedOf = (rows: RowsByPlace, those: RowsByPlace): EvaluationRow[] =>
    caseMeans([...rows].filter(([place]) => those.has(place)).map(([, row]) => row));
  return { own: sharedOf(own, others), others: sharedOf(others, own) };
}
