import { reachableVolume } from '../evaluate/evaluate-case.js';
import { DomainError } from '../domain-error.js';
import { meanOf } from '../evaluate/case-means.js';
import type { EvaluationRow } from '../evaluate/evaluation-row.js';
import type { RandomStream } from '../random/random-stream.js';
import type { BootstrapEstimate } from './bootstrap-estimate.js';
import { equivalenceOf, type Equivalence } from './equivalence.js';
import { foldSpread } from './fold-spread.js';
import { includingTraining, type TrainingEstimate } from './including-training.js';
import { pairedBootstraps, type IntervalKind } from './paired-bootstrap.js';
import { stratumOfParticipants } from './participant-strata.js';
import { columnsOfModel, type Column, type Question } from './questions.js';

/** A question about a data set and model, with the answers over the relevant cases. */
export type Comparison = Question & {
  readonly mean: number;
  readonly cases: number;
  /** Number of participants. */
  readonly groups: number;
  /** The paper's test, conditional on these trained networks: only the cases are taken as random. */
  readonly conditional: Pick<BootstrapEstimate, 'pValue' | 'interval'>;
  /** The test that takes the trainings as random too; null with fewer than two folds. */
  readonly includingTraining: TrainingEstimate | null;
  /**
   * Whether a volume error is small against the mean true volume that networks could predict; null for other questions,
   * with fewer than two folds, and for such a volume of 0.
   */
  readonly equivalence: Equivalence | null;
};

export interface ComparisonSettings {
  readonly resamples: number;
  /** Intervals have the level 1 − significance. */
  readonly significance: number;
  /** Kind of the conditional interval. */
  readonly interval: IntervalKind;
  /** How folds were drawn; `none` for imported ones. */
  readonly stratify: 'volumeTercile' | 'none';
  /** Relative to the mean true volume of the tested cases that networks could predict. */
  readonly equivalenceMargin: number;
}

/**
 * Within each data set and model, compares each loss with each one before it in `losses` for every metric, and tests
 * each arm's volume errors against 0. A case counts with its mean over the repeats. A pair uses only cases and repeats
 * that both arms predicted: if a fold failed, `cases` is smaller. No correction for multiple comparisons.
 *
 * `random` returns the stream of a data set, restarted at each call, so every comparison over the same cases uses the
 * same bootstrap samples. The order of rows does not matter; answers are sorted by data set and model. Throws
 * ARGUMENT_INVALID if an arm has a repeat of a case twice or a case has two participants.
 */
export function compareLosses({
  rows,
  losses,
  statistics,
  random,
}: {
  readonly rows: readonly EvaluationRow[];
  readonly losses: readonly string[];
  readonly statistics: ComparisonSettings;
  readonly random: (dataSet: string) => RandomStream;
}): Comparison[] {
  const { resamples, significance, interval } = statistics;
  const comparisons: Comparison[] = [];
  for (const [dataSet, rowsOfDataSet] of sortedGroups(rows, (row) => row.dataSet)) {
    refuseTwoParticipants(rowsOfDataSet);
    // Over all cases of the data set that any arm has.
    const strata = statistics.stratify === 'none' ? null : stratumOfParticipants(rowsOfDataSet);
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
        intervalKind: interval,
      });
      shared.forEach((column, index) => answers.set(column, estimates[index] as BootstrapEstimate));
    }
    for (const column of columns) {
      const { mean, cases, groups, ...conditional } = answers.get(column) as BootstrapEstimate; // of exactly one group
      comparisons.push({
        ...column.question,
        mean,
        cases,
        groups,
        conditional,
        ...answersOfFolds(column, strata, statistics),
      });
    }
  }
  return comparisons;
}

/** The answers that include the training. */
function answersOfFolds(
  { question, cases, values }: Column,
  strata: ReadonlyMap<string, number> | null,
  { significance, equivalenceMargin }: ComparisonSettings,
): Pick<Comparison, 'includingTraining' | 'equivalence'> {
  const spread = foldSpread({ values, cases, strata });
  if (spread === null) return { includingTraining: null, equivalence: null };
  const margin = equivalenceMargin * meanOf(cases, reachableVolume);
  return {
    includingTraining: includingTraining(spread, 1 - significance),
    equivalence: question.kind === 'againstZero' && margin > 0 ? equivalenceOf(spread, { margin, significance }) : null,
  };
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
