import type { VolumeUnit } from '../../evaluate/voxel-size.js';
import type { PairTest, Results, ResultsArm, ResultsDataSet, TheoryBias, Verdict } from '../../results/results.js';
import { enoughParticipants } from '../../results/enough-participants.js';
import { isMuchCutOff } from '../../results/cut-off.js';
import { judgedError } from '../../results/verdict-of.js';
import {
  counted,
  formatBrief,
  formatInterval,
  formatNumber,
  formatP,
  formatSigned,
  formatSignedPercent,
  listed,
  percent,
  withUnit,
} from './format-number.js';
import { yieldsProbabilities } from '../../training/losses/loss-choice.js';
import { lossLong, modelLabel, testLabels } from './labels.js';

/** The remarks of a finding: the test that does not decide, differences of the losses, hard volumes, theory, what was cut off, few participants, gaps. */
export function findingRemarks(
  { unit, arms, verdict }: ResultsDataSet,
  { repeats, confidence, rules }: Pick<Results, 'repeats' | 'confidence' | 'rules'>,
): string[] {
  const { model, fewParticipants } = verdict;
  const ofModel = arms.filter((arm) => arm.model === model);
  const [reference, ...others] = ofModel;
  const differences = others.flatMap((arm) =>
    // A single difference is in the finding's own sentence.
    reference === undefined
      ? []
      : [
          ...(others.length > 1 ? volumeRemarks(arm, reference, { unit, confidence }) : []),
          ...diceRemarks(arm, reference),
        ],
  );
  const remarks = [
    ...otherTest(verdict, rules),
    ...differences,
    ...hardRemarks(ofModel, unit),
    ...withoutProbabilities(ofModel),
  ];
  const predictions = ofModel.flatMap(({ loss, theoryBias }) =>
    theoryBias === null ? [] : [theoryText(theoryBias, loss, unit)],
  );
  if (predictions.length > 0) {
    remarks.push(`Predicted by theory for a perfect learner on the same cases: ${listed(predictions)}.`);
  }
  remarks.push(...otherModels(arms, { model, unit }));
  if (fewParticipants !== null) {
    // After gaps, arms differ in their participants.
    const [who, what] =
      verdict.tested.length > 0
        ? [`Some arms have only ${counted(fewParticipants, 'participant')}`, 'they are not marked']
        : [`Only ${counted(fewParticipants, 'participant')}`, 'nothing is marked'];
    remarks.push(`${who}: with fewer than ${enoughParticipants}, p-values tend to be too small, so ${what}.`);
  }
  const cut = ofModel.find(({ cases }) => cases > 0);
  const lost = cut?.meanUnpredictableVolume ?? 0;
  if (cut !== undefined && isMuchCutOff(lost, cut.meanTruthVolume)) {
    const share = percent(Number((lost / (cut.meanTruthVolume ?? NaN)).toPrecision(3)));
    remarks.unshift(
      `No network could see ${withUnit(formatBrief(lost), unit)} (${share} %) of the true volume, which lies outside the crop, the mask or the prepared image. ΔV is of the rest; CE, 1 − SD and Dice count that part as missed.`,
    );
  }
  if (ofModel.some(({ missingFolds }) => missingFolds.length > 0)) {
    remarks.push(`Some ${repeats > 1 ? 'trainings' : 'folds'} have no results (see Gaps).`);
  }
  return remarks;
}

/** The significant biases of models that do not judge the data set. */
function otherModels(
  arms: readonly ResultsArm[],
  { model, unit }: { readonly model: string | null; readonly unit: VolumeUnit },
): string[] {
  const biased = arms.flatMap((arm) => {
    const { mean, mark, relativeBias } = judgedError(arm);
    if (arm.model === model || mean === null || mark.bias === null || arm.flaw !== null) return [];
    const share = relativeBias === null ? '' : ` (${formatSignedPercent(relativeBias)})`;
    return [`${modelLabel(arm.model)} with ${lossLong(arm.loss)} by ${withUnit(formatSigned(mean), unit)}${share}`];
  });
  return biased.length === 0 ? [] : [`Other models with significantly biased volumes (ΔV): ${listed(biased)}.`];
}

/** The p-values of the test that does not decide, for the arms that are tested. */
function otherTest({ arms, tested }: Verdict, { decides }: Results['rules']): string[] {
  const other = decides === 'conditional' ? 'includingTraining' : 'conditional';
  const values = arms.flatMap((arm) => {
    const test = tested.includes(arm.loss) ? judgedError(arm).againstZero?.[other] : null;
    return test == null ? [] : `${formatP(test.pValue)} with ${lossLong(arm.loss)}`;
  });
  return values.length === 0 ? [] : [`The test ${testLabels[other]}, which does not decide: ${listed(values)}.`];
}

/** With the labels as drawn, then in expectation, then what remains of the measured error. */
function theoryText({ realised, expected, remainder }: TheoryBias, loss: string, unit: VolumeUnit): string {
  const beside = `${formatSigned(expected)} in expectation, measured minus theory ${formatSigned(remainder)}`;
  return `${withUnit(formatSigned(realised), unit)} with ${lossLong(loss)} (${beside})`;
}

/** The test of the arm against the reference: one, or none if it was not performed. */
function pairsWith(arm: ResultsArm, reference: ResultsArm, metric: 'volumeError' | 'dice'): PairTest[] {
  return arm.cells[metric].pairs.filter((pair) => pair.reference === reference.loss);
}

function volumeRemarks(
  arm: ResultsArm,
  reference: ResultsArm,
  { unit, confidence }: { readonly unit: VolumeUnit; readonly confidence: number },
): string[] {
  if (!yieldsProbabilities(arm.loss) || !yieldsProbabilities(reference.loss)) return [];
  const name = `${lossLong(arm.loss)} minus ${lossLong(reference.loss)}`;
  return pairsWith(arm, reference, 'volumeError')
    .filter(({ interval }) => interval !== null)
    .map(({ mean, interval, pValue }) => {
      const range = formatInterval(interval ?? [NaN, NaN]);
      return `Difference in ΔV, ${name}: ${withUnit(formatSigned(mean), unit)} (${percent(confidence)} % CI ${range}, ${formatP(pValue)}).`;
    });
}

/** The bias of the masks' volumes, which is no bias of the loss in the paper's sense. */
function hardRemarks(arms: readonly ResultsArm[], unit: VolumeUnit): string[] {
  const biased = arms.flatMap(({ loss, cells: { volumeErrorThresholded: cell } }) => {
    if (cell.mark.bias === null || cell.mean === null || cell.againstZero === null) return [];
    return `${lossLong(loss)} (${withUnit(formatSigned(cell.mean), unit)}, ${formatP(cell.againstZero.pValue)})`;
  });
  if (biased.length === 0) return [];
  return [`The volumes of the masks (ΔV hard) are significantly biased with ${listed(biased)}.`];
}

function withoutProbabilities(arms: readonly ResultsArm[]): string[] {
  const names = arms.flatMap(({ loss }) => (yieldsProbabilities(loss) ? [] : [lossLong(loss)]));
  if (names.length === 0) return [];
  return [
    `Networks trained with the ${listed(names)} yield no probabilities: their masks are judged, and their ΔV is not marked.`,
  ];
}

function diceRemarks(arm: ResultsArm, reference: ResultsArm): string[] {
  return pairsWith(arm, reference, 'dice').map((test) => diceRemark(arm, reference, test));
}

function diceRemark(
  arm: ResultsArm,
  reference: ResultsArm,
  { mean, significant, pValue, participants }: PairTest,
): string {
  // With gaps, the means are of other cases than the test.
  if ([arm, reference].some(({ missingFolds }) => missingFolds.length > 0)) {
    const difference = `Dice with ${lossLong(arm.loss)} minus ${lossLong(reference.loss)}, on the cases of both`;
    return `${difference}: ${formatSigned(mean)} (${participants < enoughParticipants ? 'too few to test' : formatP(pValue)}).`;
  }
  const [higher, lower] = mean >= 0 ? [arm, reference] : [reference, arm];
  const values = `${formatNumber(higher.cells.dice.mean ?? NaN)} versus ${formatNumber(lower.cells.dice.mean ?? NaN)}`;
  if (participants < enoughParticipants)
    return `Dice is ${values} with ${lossLong(higher.loss)} and ${lossLong(lower.loss)}.`;
  if (significant) return `Dice is higher with ${lossLong(higher.loss)}: ${values} (${formatP(pValue)}).`;
  const each = [arm, reference].map(
    ({ loss, cells }) => `${formatNumber(cells.dice.mean ?? NaN)} with ${lossLong(loss)}`,
  );
  return `Dice does not differ significantly: ${each.join(', ')} (${formatP(pValue)}).`;
}
