import type { OverallVerdict, Results, ResultsArm, ResultsDataSet, Verdict } from '../../results/results.js';
import { enoughParticipants } from '../../results/enough-participants.js';
import { collapseHeading } from './collapse-notes.js';
import { differenceSentence, overallDifference } from './difference-text.js';
import { findingRemarks } from './finding-remarks.js';
import {
  capitalised,
  counted,
  formatBrief,
  formatInterval,
  formatP,
  formatSigned,
  formatSignedPercent,
  listed,
  percent,
  withUnit,
} from './format-number.js';
import { lossLong, modelLabel, testLabels } from './labels.js';

/** The finding for one data set in words, all derived from the results. */
export interface FindingText {
  readonly badge: string;
  readonly sentence: string;
  /** Further sentences: differences between the losses, Dice, theory, gaps. */
  readonly remarks: readonly string[];
}

export function findingText(
  dataSet: ResultsDataSet,
  results: Pick<Results, 'confidence' | 'equivalenceMargin' | 'repeats'>,
): FindingText {
  const { confidence, equivalenceMargin } = results;
  const { verdict } = dataSet;
  const { model, arms } = verdict;
  if (model === null) {
    return { badge: 'no results', sentence: 'No arm has results for this data set.', remarks: [] };
  }
  const difference = differenceSentence(dataSet, confidence);
  const clauses = arms.map((arm, position) =>
    clauseOf({ arm, subject: position === 0 ? modelLabel(model) : 'it', dataSet, confidence, equivalenceMargin }),
  );
  return {
    badge: badgeOf(verdict),
    sentence: [difference ?? [], `${capitalised(clauses.join('; '))}.`].flat().join(' '),
    remarks: findingRemarks(dataSet, results),
  };
}

/**
 * What the tests say over all data sets: how the losses differ, a sentence on bias, where it was shown one on equivalence,
 * and one on collapsed trainings, if there are any.
 */
export function overallFinding(results: Results): string {
  const collapsed = results.source.collapses.length === 0 ? [] : [collapseHeading(results)];
  return [overallDifference(results) ?? [], overallBias(results.overall, results), collapsed].flat().join(' ');
}

/** Where the volumes of each loss stand against the true ones. */
function overallBias(
  { models, losses }: OverallVerdict,
  { equivalenceMargin, rules }: Pick<Results, 'equivalenceMargin' | 'rules'>,
): string {
  const parts = losses.map(({ loss, tested, biased }) => `${shareOf(biased, tested)} ${afterTraining(loss)}`);
  if (parts.length === 0) return 'There are not enough results to test any volume error.';
  const bias = `The volumes predicted by ${listed(models.map(modelLabel))} were significantly biased ${parts.join(', and ')} (test ${testLabels[rules.decides]}).`;
  const shown = losses.filter(({ equivalent }) => equivalent > 0);
  if (shown.length === 0) return bias;
  const equivalences = shown.map(
    ({ loss, tested, equivalent }) => `${shareOf(equivalent, tested)} ${afterTraining(loss)}`,
  );
  return `${bias} Their mean error was shown to lie within ±${percent(equivalenceMargin)} % of the mean true volume ${equivalences.join(', and ')}.`;
}

const afterTraining = (loss: string): string => `after training with ${lossLong(loss)}`;

function shareOf(count: number, tested: number): string {
  return tested === 1 ? `in ${count} of 1 data set` : `in ${count === 0 ? 'none' : count} of the ${tested} data sets`;
}

function clauseOf({
  arm: { loss, cells },
  subject,
  dataSet: { unit },
  confidence,
  equivalenceMargin,
}: {
  readonly arm: ResultsArm;
  readonly subject: string;
  readonly dataSet: ResultsDataSet;
  readonly confidence: number;
  readonly equivalenceMargin: number;
}): string {
  const { mean, relativeBias, againstZero, mark } = cells.volumeError;
  const condition = `trained with ${lossLong(loss)}, ${subject}`;
  if (mean === null || againstZero === null) return `${condition} has no results`;
  const signed = withUnit(formatSigned(mean), unit);
  const { interval, pValue, adjustedPValue, equivalence, participants } = againstZero;
  if (interval === null) {
    const lacking = participants === 1 ? 'one participant' : 'one fold';
    return `${condition} has a mean volume error of ${signed}, which cannot be tested with ${lacking}`;
  }
  if (participants < enoughParticipants) {
    return `${condition} has a mean volume error of ${signed}, which ${counted(participants, 'participant')} are too few to test`;
  }
  const holm = adjustedPValue === null ? '' : `, Holm-adjusted ${formatP(adjustedPValue)}`;
  const evidence = `${percent(confidence)} % CI ${formatInterval(interval)}, ${formatP(pValue)}${holm}`;
  const size = equivalence && sizeText(equivalence, equivalenceMargin);
  if (mark.bias === null) {
    const unbiased = `${condition} shows no significant volume bias (ΔV ${signed}, ${evidence})`;
    if (size === null) return unbiased;
    return `${unbiased}, ${equivalence?.holds === true ? 'and' : 'but'} its mean volume error ${size}`;
  }
  const verb = mark.bias === 'over' ? 'overestimates' : 'underestimates';
  const relative = relativeBias === null ? '' : `, ${formatSignedPercent(relativeBias)} of the mean true volume`;
  const biased = `${condition} ${verb} the volume by ${withUnit(formatBrief(Math.abs(mean)), unit)}${relative} (${evidence})`;
  return equivalence?.holds === true && size !== null ? `${biased}; this bias ${size}` : biased;
}

/** Whether a mean volume error is shown to be small. */
function sizeText({ holds, pValue }: { readonly holds: boolean; readonly pValue: number }, margin: number): string {
  const verb = holds ? 'lies within' : 'is not shown to lie within';
  return `${verb} ±${percent(margin)} % of the mean true volume (equivalence ${formatP(pValue)})`;
}

function badgeOf({ tested, biased, fewParticipants }: Verdict): string {
  if (tested.length === 0 && (fewParticipants ?? 0) > 1) return 'too few participants';
  if (tested.length === 0) return 'not testable';
  if (biased.length === 0) return 'no significant bias';
  if (biased.length === tested.length && biased.length > 1)
    return `bias with ${biased.length === 2 ? 'both' : 'all'} losses`;
  return `bias with ${listed(biased.map(lossLong))}`;
}
