import type { Comparison } from '../statistics/compare-losses.js';
import type { ComparisonIndex } from '../statistics/comparison-index.js';
import { counted, formatNumber, formatP, formatSigned, listed, withUnit } from './format-number.js';
import { lossLong } from './labels.js';
import type { TheoryPrediction } from './report-input.js';
import type { Table1, Table1Arm, Table1DataSet } from './table1.js';

export interface FindingContext {
  readonly table: Table1;
  readonly comparisons: ComparisonIndex;
  readonly theory: readonly TheoryPrediction[];
  /** Level of significance, such as 0.05. */
  readonly significance: number;
}

/** One loss of the model that a finding is about, with the test of its mean volume error against 0. */
export interface LossResult {
  readonly arm: Table1Arm;
  readonly test: Comparison | undefined;
}

/** What a finding says beside its sentence: how the losses differ in ΔV and Dice, theory, few participants, gaps. */
export function remarksOf({
  dataSet,
  model,
  results,
  context,
}: {
  readonly dataSet: Table1DataSet;
  readonly model: string;
  readonly results: readonly LossResult[];
  readonly context: FindingContext;
}): string[] {
  const remarks: string[] = [];
  const measured = results.filter(({ arm }) => arm.means !== null);
  for (const [position, { arm }] of measured.entries()) {
    for (const { arm: other } of measured.slice(0, position)) {
      const subject = { dataSet: dataSet.name, model, loss: arm.loss };
      const volume = context.comparisons.lossPair(subject, other.loss, 'volumeError');
      if (volume !== undefined && volume.interval !== null) {
        const name = `${lossLong(arm.loss)} minus ${lossLong(other.loss)}`;
        remarks.push(
          `Difference of ΔV, ${name}: ${withUnit(formatSigned(volume.mean), dataSet.unit)} (${formatP(volume.pValue)}).`,
        );
      }
      const dice = context.comparisons.lossPair(subject, other.loss, 'dice');
      if (dice !== undefined) remarks.push(diceRemark(arm, other, dice));
    }
  }
  const predictions = context.theory.filter((prediction) => prediction.dataSet === dataSet.name);
  if (predictions.length > 0) {
    const parts = predictions.map((p) => `${withUnit(formatSigned(p.predictedBias), p.unit)} with ${lossLong(p.loss)}`);
    remarks.push(`Theory, for a perfect learner: ${listed(parts)}.`);
  }
  const participants = Math.min(...results.flatMap(({ test }) => (test === undefined ? [] : [test.groups])));
  if (participants < fewParticipants) {
    remarks.push(
      `Only ${counted(participants, 'participant')}: with so few, a bootstrap finds significance too easily.`,
    );
  }
  if (results.some(({ arm }) => arm.missingFolds.length > 0)) remarks.push('Some folds have no results (see Gaps).');
  return remarks;
}

/** Below it the percentile interval of 95 % covers less than 90 % of the time even for normal data (simulated). */
const fewParticipants = 10;

function diceRemark(arm: Table1Arm, other: Table1Arm, test: Comparison): string {
  const [higher, lower] = test.mean >= 0 ? [arm, other] : [other, arm];
  const values = `${formatNumber(higher.means?.dice ?? NaN)} against ${formatNumber(lower.means?.dice ?? NaN)}`;
  return test.significant
    ? `Dice is higher with ${lossLong(higher.loss)}: ${values} (${formatP(test.pValue)}).`
    : `Dice does not differ significantly: ${values} (${formatP(test.pValue)}).`;
}
