import type { PairTest, Results, ResultsArm, ResultsDataSet } from '../../results/results.js';
import { yieldsProbabilities } from '../../training/losses/loss-choice.js';
import { enoughParticipants } from '../../results/enough-participants.js';
import { capitalised, formatInterval, formatP, formatSigned, listed, percent, withUnit } from './format-number.js';
import { lossLong, modelLabel } from './labels.js';

/** With more differences, a headline gives their number and range instead of each. */
const mostListed = 6;

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
  const test = differenceOf(other, reference);
  if (test === undefined) return undefined;
  const names = `${capitalised(lossLong(other.loss))} minus ${lossLong(reference.loss)}`;
  return `${names}: ΔV ${withUnit(formatSigned(test.mean), unit)} (${evidenceOf(test, confidence)}).`;
}

/** The same over all data sets, for a headline; undefined if no loss could be compared with the first one. */
export function overallDifference({ losses, dataSets, overall, confidence }: Results): string | undefined {
  const [reference = '', ...others] = losses;
  const compared = others
    .map((loss) => ({ loss, differences: differencesIn(dataSets, loss, reference) }))
    .filter(({ differences }) => differences.length > 0);
  if (compared.length === 0) return undefined;
  const models = listed(overall.models.map(modelLabel));
  const count = compared.reduce((sum, { differences }) => sum + differences.length, 0);
  const sizes = (differences: readonly Difference[]): string =>
    listed(differences.map((one) => sizeText(one, { confidence, isOnly: dataSets.length === 1 })));
  const changed = compared.flatMap(({ loss, differences }) => {
    const [shown, rest] = bySignificance(differences);
    return shown.length === 0 ? [] : [{ loss, shown, rest }];
  });
  const changes =
    count > mostListed
      ? changesText(changed, { reference, models, dataSets: dataSets.length })
      : changed.map(({ loss, shown, rest }) => {
          const names = rest.map(({ dataSet }) => `in ${dataSet.name}`);
          const not = rest.length === 0 ? '' : `, but not significantly ${listed(names)}`;
          return `${capitalised(lossLong(loss))} instead of ${lossLong(reference)} changes the mean volume that ${models} predicts ${sizes(shown)}${not}.`;
        });
  const unchanged = compared.filter(({ differences }) => bySignificance(differences)[0].length === 0);
  if (unchanged.length === 0) return changes.join(' ');
  const size = count <= mostListed ? `: ${unchanged.map(({ differences }) => sizes(differences)).join('; ')}` : '';
  const names = listed(unchanged.map(({ loss }) => lossLong(loss)));
  const none = `With ${names} instead of ${lossLong(reference)}, no significant change of the mean volume that ${models} predicts is shown${size}.`;
  return [...changes, none].join(' ');
}

/** One sentence for all losses. */
function changesText(
  changed: readonly { readonly loss: string; readonly shown: readonly Difference[] }[],
  { reference, models, dataSets }: { readonly reference: string; readonly models: string; readonly dataSets: number },
): string[] {
  if (changed.length === 0) return [];
  const losses = changed.map(({ loss, shown }) => `${lossLong(loss)} (${rangeText(shown, dataSets)})`);
  return [
    `Compared with ${lossLong(reference)}, the mean volume that ${models} predicts differs significantly with ${listed(losses)}.`,
  ];
}

function bySignificance(differences: readonly Difference[]): [Difference[], Difference[]] {
  return [differences.filter(({ test }) => test.significant), differences.filter(({ test }) => !test.significant)];
}

/** `by +2.31 ml (95 % CI +2.1 to +2.5, p = 0.002) in brain`. */
function sizeText(
  { dataSet: { name, unit }, test }: Difference,
  { confidence, isOnly }: { readonly confidence: number; readonly isOnly: boolean },
): string {
  const size = `by ${withUnit(formatSigned(test.mean), unit)} (${evidenceOf(test, confidence)})`;
  return isOnly ? size : `${size} in ${name}`;
}

/** `by +0.2 to +2.3 ml in 5 of 7 data sets`. */
function rangeText(differences: readonly Difference[], dataSets: number): string {
  const means = differences.map(({ test }) => test.mean).sort((a, b) => a - b);
  const [low = 0, high = 0] = [means[0], means.at(-1)];
  const [unit, ...otherUnits] = new Set(differences.map(({ dataSet }) => dataSet.unit));
  const range = low === high ? formatSigned(low) : formatInterval([low, high]);
  const by = unit === undefined || otherUnits.length > 0 ? [] : [`by ${withUnit(range, unit)}`];
  return [...by, ...(dataSets === 1 ? [] : [`in ${differences.length} of ${dataSets} data sets`])].join(' ');
}

function differencesIn(dataSets: readonly ResultsDataSet[], loss: string, reference: string): Difference[] {
  return dataSets.flatMap((dataSet) => {
    const armOf = (name: string): ResultsArm | undefined =>
      dataSet.arms.find((one) => one.model === dataSet.verdict.model && one.loss === name);
    const [arm, other] = [armOf(loss), armOf(reference)];
    const test = arm && other && differenceOf(arm, other);
    return test === undefined ? [] : [{ dataSet, test }];
  });
}

/**
 * None between sums of which one is no volume, on too few participants, and where a flaw of either arm explains the difference
 * as well as the loss does.
 */
function differenceOf(arm: ResultsArm, reference: ResultsArm): PairTest | undefined {
  if (!yieldsProbabilities(arm.loss) || !yieldsProbabilities(reference.loss)) return undefined;
  if (arm.flaw !== null || reference.flaw !== null) return undefined;
  const test = arm.cells.volumeError.pairs.find((pair) => pair.reference === reference.loss);
  return test?.interval == null || test.participants < enoughParticipants ? undefined : test;
}

function evidenceOf({ interval, pValue }: PairTest, confidence: number): string {
  return `${percent(confidence)} % CI ${formatInterval(interval ?? [NaN, NaN])}, ${formatP(pValue)}`;
}
