import {
  formatBrief,
  formatInterval,
  formatP,
  formatSigned,
  formatSignedPercent,
  listed,
  percent,
  withUnit,
} from './format-number.js';
import { remarksOf, type FindingContext, type LossResult } from './finding-remarks.js';
import { lossLong, modelLabel } from './labels.js';
import type { Table1DataSet } from './table1.js';

/** What the numbers say of one data set, in words. */
export interface Finding {
  readonly dataSet: string;
  /** The model that the finding is about: the last named one with results; null where none has any. */
  readonly model: string | null;
  /** The losses whose mean volume error could be tested, and those that are significantly biased. */
  readonly tested: readonly string[];
  readonly biased: readonly string[];
  readonly badge: string;
  readonly sentence: string;
  /** Further sentences: the difference of the losses, Dice, theory, gaps. */
  readonly remarks: readonly string[];
}

/** Says in words what the tests found for a data set; each number and each verb comes from the comparisons. */
export function findingOf(dataSet: Table1DataSet, context: FindingContext): Finding {
  const model = context.table.models.findLast((name) =>
    dataSet.arms.some((arm) => arm.model === name && arm.cases > 0),
  );
  if (model === undefined) {
    const sentence = 'No arm has results for this data set.';
    return { dataSet: dataSet.name, model: null, tested: [], biased: [], badge: 'no results', sentence, remarks: [] };
  }
  const inLayoutOrder = dataSet.arms
    .filter((arm) => arm.model === model)
    .map((arm) => {
      const subject = { dataSet: dataSet.name, model, loss: arm.loss };
      return { arm, test: context.comparisons.againstZero(subject, 'volumeError') };
    });
  const results = inLayoutOrder.toSorted(bySizeOfBias);
  const tested = results.filter(({ test }) => test !== undefined && test.interval !== null).map(({ arm }) => arm.loss);
  const biased = results.filter(({ test }) => test?.significant === true).map(({ arm }) => arm.loss);
  const clauses = results.map((result, position) =>
    clauseOf({
      result,
      subject: position === 0 ? modelLabel(model) : 'it',
      dataSet,
      significance: context.significance,
    }),
  );
  return {
    dataSet: dataSet.name,
    model,
    tested,
    biased,
    badge: badgeOf(tested, biased),
    sentence: `${capitalised(clauses.join('; '))}.`,
    remarks: remarksOf({ dataSet, model, results: inLayoutOrder, context }),
  };
}

/** One sentence over all data sets. */
export function overallFinding(findings: readonly Finding[], losses: readonly string[]): string {
  const models = [...new Set(findings.flatMap(({ model }) => (model === null ? [] : [modelLabel(model)])))];
  const counts = losses
    .map((loss) => ({
      loss,
      tested: findings.filter((finding) => finding.tested.includes(loss)).length,
      biased: findings.filter((finding) => finding.biased.includes(loss)).length,
    }))
    .filter(({ tested }) => tested > 0)
    .toSorted((a, b) => b.biased - a.biased);
  const parts = counts.map(({ loss, tested, biased }) => {
    const share = `${biased === 0 ? 'none' : biased} of ${tested === 1 ? 'the one data set' : `the ${tested} data sets`}`;
    return `in ${share} after training with ${lossLong(loss)}`;
  });
  if (parts.length === 0) return 'There are not enough results to test any volume error.';
  return `The volumes measured by ${listed(models)} were significantly biased ${parts.join(', and ')}.`;
}

/** Significant biases first, larger ones before smaller, then the rest as they stand. */
function bySizeOfBias(a: LossResult, b: LossResult): number {
  const weight = ({ test }: LossResult): number => (test?.significant === true ? Math.abs(test.mean) : -1);
  return weight(b) - weight(a);
}

function clauseOf({
  result: { arm, test },
  subject,
  dataSet,
  significance,
}: {
  readonly result: LossResult;
  readonly subject: string;
  readonly dataSet: Table1DataSet;
  readonly significance: number;
}): string {
  const condition = `trained with ${lossLong(arm.loss)}, ${subject}`;
  if (test === undefined) return `${condition} has no results`;
  if (test.interval === null) {
    return `${condition} errs by ${withUnit(formatSigned(test.mean), dataSet.unit)}, which the cases of one participant cannot test`;
  }
  const evidence = `${percent(1 - significance)} % CI ${formatInterval(test.interval)}, ${formatP(test.pValue)}`;
  if (!test.significant) {
    return `${condition} shows no significant volume bias (ΔV ${withUnit(formatSigned(test.mean), dataSet.unit)}, ${evidence})`;
  }
  const verb = test.mean > 0 ? 'overestimates' : 'underestimates';
  const relative =
    arm.meanTruthVolume === null || arm.meanTruthVolume === 0
      ? ''
      : `, ${formatSignedPercent(test.mean / arm.meanTruthVolume)} of the true mean`;
  return `${condition} ${verb} the volume by ${withUnit(formatBrief(Math.abs(test.mean)), dataSet.unit)}${relative} (${evidence})`;
}

function badgeOf(tested: readonly string[], biased: readonly string[]): string {
  if (tested.length === 0) return 'not testable';
  if (biased.length === 0) return 'no significant bias';
  if (biased.length === tested.length && biased.length > 1)
    return `bias with ${biased.length === 2 ? 'both' : 'all'} losses`;
  return `bias with ${listed(biased.map(lossLong))}`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
