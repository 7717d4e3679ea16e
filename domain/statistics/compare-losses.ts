import { DomainError } from '../domain-error.js';
import type { EvaluationRow } from '../evaluate/evaluation-row.js';
import { metricNames, metrics, type MetricName } from '../evaluate/metrics.js';
import type { RandomStream } from '../random/random-stream.js';
import type { BootstrapEstimate } from './bootstrap-estimate.js';
import { pairedBootstraps } from './paired-bootstrap.js';

interface Subject {
  readonly dataSet: string;
  readonly model: string;
  readonly metric: MetricName;
  readonly loss: string;
}

type Question =
  /** Is the mean of this arm's metric (a volume error) 0? */
  | (Subject & { readonly kind: 'againstZero' })
  /**
   * Is the mean of (metric trained with `loss`) − (metric trained with `reference`) 0, for the same model and cases?
   */
  | (Subject & { readonly kind: 'lossPair'; readonly reference: string });

/** A question about a data set and model, with the bootstrap's answer over the relevant cases. */
export type Comparison = Question & BootstrapEstimate & { readonly significant: boolean };

/** A question with its cases and values; questions over the same cases share bootstrap samples. */
interface Column {
  readonly question: Question;
  readonly cases: readonly EvaluationRow[];
  readonly values: Float64Array;
}

/**
 * Within each data set and model, compares each loss with each one before it in `losses` for every metric, and tests
 * each arm's volume errors against 0. A pair uses only cases that both arms predicted: if a fold failed, `cases` is
 * smaller. No correction for multiple comparisons.
 *
 * `random` returns the stream of a data set, restarted at each call, so every comparison over the same cases uses the
 * same bootstrap samples. The order of rows does not matter; answers are sorted by data set and model. Throws
 * ARGUMENT_INVALID if an arm has a case twice or a case has two participants.
 */
export function compareLosses({
  rows,
  losses,
  statistics: { resamples, significance },
  random,
}: {
  readonly rows: readonly EvaluationRow[];
  readonly losses: readonly string[];
  readonly statistics: { readonly resamples: number; readonly significance: number };
  readonly random: (dataSet: string) => RandomStream;
}): Comparison[] {
  const comparisons: Comparison[] = [];
  for (const [dataSet, rowsOfDataSet] of sortedGroups(rows, (row) => row.dataSet)) {
    refuseTwoParticipants(rowsOfDataSet);
    const columns = sortedGroups(rowsOfDataSet, (row) => row.model).flatMap(([model, rowsOfModel]) =>
      columnsOfModel({ dataSet, model, losses, rows: rowsOfModel }),
    );
    const answers = new Map<Column, BootstrapEstimate>();
    for (const [, shared] of sortedGroups(columns, ({ cases }) => JSON.stringify(cases.map((row) => row.caseId)))) {
      const estimates = pairedBootstraps({
        columns: shared.map(({ values }) => values),
        groups: (shared[0] as Column).cases.map((row) => row.participant), // no group is empty
        resamples,
        random: random(dataSet),
        confidence: 1 - significance,
      });
      shared.forEach((column, index) => answers.set(column, estimates[index] as BootstrapEstimate));
    }
    for (const column of columns) {
      const answer = answers.get(column) as BootstrapEstimate; // every column is in exactly one group
      comparisons.push({ ...column.question, ...answer, significant: answer.pValue < significance });
    }
  }
  return comparisons;
}

function columnsOfModel({
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

function refuseTwoParticipants(rows: readonly EvaluationRow[]): void {
  const participantOf = new Map<string, string>();
  for (const { dataSet, caseId, participant } of rows) {
    const known = participantOf.get(caseId) ?? participant;
    if (known !== participant) {
      const message = `${dataSet}: case ${caseId} has two participants, ${known} and ${participant}`;
      throw new DomainError('ARGUMENT_INVALID', message, { caseId, participants: [known, participant] });
    }
    participantOf.set(caseId, participant);
  }
}

/** Items by key, sorted by key. */
function sortedGroups<T>(items: readonly T[], keyOf: (item: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}
