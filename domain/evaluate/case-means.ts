import type { CaseMetrics } from './evaluate-case.js';
import type { EvaluationRow, ReportedRow } from './evaluation-row.js';
import { caseScoreNames, meanWhereDefined } from './segmentation/score-means.js';
import type { CaseScores } from './segmentation/segmentation-metrics.js';

/**
 * One row for each case of an arm, in the order of case ids: the mean of each metric over the case's repeats, added up in
 * the order of repeats. Results therefore do not depend on the order in which units finished.
 */
export function caseMeans(rows: readonly EvaluationRow[]): EvaluationRow[] {
  return byCase(rows).map(meanRow);
}

/** The same with everything that a row has; scores are means over the repeats in which they are defined. */
export function reportedCaseMeans(rows: readonly ReportedRow[]): ReportedRow[] {
  return byCase(rows).map((repeats) => ({
    ...meanRow(repeats),
    otherGrid: meanMetrics(repeats.map(({ otherGrid }) => otherGrid)),
    predictedVolumeOutside: meanOf(repeats, (row) => row.predictedVolumeOutside),
    scores: meanScores(repeats.map(({ scores }) => scores)),
  }));
}

/** Each case's rows in the order of repeats. */
function byCase<Row extends EvaluationRow>(rows: readonly Row[]): Row[][] {
  const cases = new Map<string, Row[]>();
  for (const row of rows.toSorted((a, b) => (a.caseId < b.caseId ? -1 : 1))) {
    const known = cases.get(row.caseId);
    if (known === undefined) cases.set(row.caseId, [row]);
    else known.push(row);
  }
  return [...cases.values()].map((repeats) => repeats.toSorted((a, b) => (a.repeat ?? 0) - (b.repeat ?? 0)));
}

/** The first row with the mean metrics of all. */
function meanRow<Row extends EvaluationRow>(repeats: readonly Row[]): Row {
  return { ...(repeats[0] as Row), ...meanMetrics(repeats) }; // no case is without rows
}

function meanMetrics(repeats: readonly CaseMetrics[]): CaseMetrics {
  const { unit, truthVolume, unpredictableVolume } = repeats[0] as CaseMetrics; // the same in all repeats
  return {
    ...{ unit, truthVolume, unpredictableVolume },
    crossEntropy: meanOf(repeats, (one) => one.crossEntropy),
    softDiceScore: meanOf(repeats, (one) => one.softDiceScore),
    dice: meanOf(repeats, (one) => one.dice),
    predictedVolume: meanOf(repeats, (one) => one.predictedVolume),
    predictedVolumeThresholded: meanOf(repeats, (one) => one.predictedVolumeThresholded),
    volumeError: meanOf(repeats, (one) => one.volumeError),
  };
}

function meanScores(repeats: readonly CaseScores[]): CaseScores {
  const means = caseScoreNames.map((name) => [name, meanWhereDefined(repeats.map((one) => one[name])).mean] as const);
  return Object.fromEntries(means) as unknown as CaseScores; // what is defined in each repeat is in the mean
}

/** NaN without items. */
export function meanOf<T>(items: readonly T[], valueOf: (item: T) => number): number {
  return items.reduce((sum, item) => sum + valueOf(item), 0) / items.length;
}
