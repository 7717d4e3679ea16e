import type { PairTest, Results, ResultsArm, ResultsDataSet } from '../../results/results.js';
import { capitalised, formatInterval, formatP, formatSigned, listed, percent, withUnit } from './format-number.js';
import { lossLong, modelLabel } from './labels.js';

/** With more of either, a headline counts instead of listing. */
const mostListed = { losses: 2, dataSets: 6 };

/** A loss compared with the first one, on one data set by the model that decides there. */
interface Difference {
  readonly dataSet: ResultsDataSet;
  readonly test: PairTest;
}

/**
 * The difference between two losses, which is more robust than where each stands against 0: `Soft Dice minus
 * cross-entropy: ΔV +2.31 ml (95 % CI +2.1 to +2.5, p = 0.002).` undefined if there are more losses, or no test.
 */
export function differenceSentence(
  { unit, arms, verdict: { model } }: ResultsDataSet,
  confidence: number,
): string | undefined {
  const [reference, other, ...more] = arms.filter((arm) => arm.model === model);
  if (reference === undefined || other === undefined || more.length > 0) return undefined;
  const test = differenceOf(other, reference.loss);
  if (test === undefined) return undefined;
  const names = `${capitalised(lossLong(other.loss))} minus ${lossLong(reference.loss)}`;
  return `${names}: ΔV ${withUnit(formatSigned(test.mean), unit)} (${evidenceOf(test, confidence)}).`;
}

/** The same over all data sets, for a headline; undefined if no loss could be compared with the first one. */
export function overallDifference({ losses, dataSets, overall, confidence }: Results): string | undefined {
  const [reference = '', ...others] = losses;
  const differences = others.map((loss) => ({ loss, of: differencesIn(dataSets, loss, reference) }));
  const compared = differences.filter(({ of }) => of.length > 0);
  if (compared.length === 0) return undefined;
  const models = listed(overall.models.map(modelLabel));
  if (losses.length > mostListed.losses || dataSets.length > mostListed.dataSets) {
    const counts = compared.map(({ loss, of }) => {
      const significant = of.filter(({ test }) => test.significant).length;
      return `${lossLong(loss)} in ${significant} of ${of.length}`;
    });
    const noun = dataSets.length === 1 ? 'data set' : 'data sets';
    return `Compared with ${lossLong(reference)}, other losses significantly change the mean volume that ${models} predicts: ${listed(counts)} ${noun}.`;
  }
  return compared
    .map(({ loss, of }) => {
      const parts = of.map(({ dataSet: { name, unit }, test }) => {
        return `by ${withUnit(formatSigned(test.mean), unit)} (${evidenceOf(test, confidence)}) in ${name}`;
      });
      return `${capitalised(lossLong(loss))} instead of ${lossLong(reference)} changes the mean volume that ${models} predicts ${listed(parts)}.`;
    })
    .join(' ');
}

function differencesIn(dataSets: readonly ResultsDataSet[], loss: string, reference: string): Difference[] {
  return dataSets.flatMap((dataSet) => {
    const arm = dataSet.arms.find((one) => one.model === dataSet.verdict.model && one.loss === loss);
    const test = arm && differenceOf(arm, reference);
    return test === undefined ? [] : [{ dataSet, test }];
  });
}

function differenceOf(arm: ResultsArm, reference: string): PairTest | undefined {
  const test = arm.cells.volumeError.pairs.find((pair) => pair.reference === reference);
  return test?.interval == null ? undefined : test;
}

function evidenceOf({ interval, pValue }: PairTest, confidence: number): string {
  return `${percent(confidence)} % CI ${formatInterval(interval ?? [NaN, NaN])}, ${formatP(pValue)}`;
}
