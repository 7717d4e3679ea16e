import type {
  LossCounts,
  OverallVerdict,
  Results,
  ResultsArm,
  ResultsDataSet,
  Verdict,
} from '../../results/results.js';
import { isMuchCutOff } from '../../results/cut-off.js';
import { judgedError } from '../../results/verdict-of.js';
import { yieldsProbabilities } from '../../training/losses/loss-choice.js';
import { enoughParticipants } from '../../results/enough-participants.js';
import { collapseHeading, collapseRemarks } from './collapse-notes.js';
import { differenceSentence, overallDifference } from './difference-text.js';
import { flawBadge, flawClause, flawSentences } from './flaw-notes.js';
import { unfinishedRemark } from './unfinished-notes.js';
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
  results: Pick<Results, 'confidence' | 'equivalenceMargin' | 'repeats' | 'rules' | 'source'>,
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
    badge: flawBadge(verdict) ?? badgeOf(verdict),
    sentence: [difference ?? [], `${capitalised(clauses.join('; '))}.`].flat().join(' '),
    remarks: [
      ...collapseRemarks(dataSet.name, model, results.source.collapses),
      ...findingRemarks(dataSet, results),
      ...unfinishedRemark(dataSet.name, model, results.source.endings).map(capitalised),
    ],
  };
}

/**
 * What the tests say over all data sets, in sentences: how the losses differ, one on bias, where it was shown one on equivalence, and
 * on arms that say nothing about their loss and on collapsed trainings, if there are any.
 */
export function overallFinding(results: Results): string[] {
  const isTold = results.source.collapses.every(({ dataSet, model, loss }) =>
    results.dataSets.some(({ name, verdict: { arms } }) =>
      arms.some((arm) => name === dataSet && arm.model === model && arm.loss === loss && arm.flaw === 'collapsed'),
    ),
  );
  const collapsed = isTold ? [] : [collapseHeading(results)];
  const sentences = [overallDifference(results) ?? [], overallBias(results.overall, results)];
  return [...sentences, flawSentences(results), collapsed].flat();
}

/** Where the volumes of each loss stand against the true ones; nothing if only flaws keep them from being judged. */
function overallBias(
  { models, losses }: OverallVerdict,
  { dataSets, equivalenceMargin, rules }: Pick<Results, 'dataSets' | 'equivalenceMargin' | 'rules'>,
): string[] {
  if (losses.length === 0) return [untestedText(dataSets) ?? []].flat();
  const isOne = dataSets.length === 1;
  const biased = isOne
    ? biasInOne(losses)
    : `were significantly biased ${shares(losses, ({ biased: count }) => count)}`;
  const bias = `The volumes predicted by ${listed(models.map(modelLabel))} ${biased} (test ${testLabels[rules.decides]}).`;
  const shown = losses.filter(({ equivalent }) => equivalent > 0);
  if (shown.length === 0) return [bias];
  const where = isOne ? afterTraining(shown) : shares(shown, ({ equivalent }) => equivalent);
  return [
    bias,
    `Their mean error was shown to lie within ±${percent(equivalenceMargin)} % of the mean true volume ${where}.`,
  ];
}

/** Why no volume error is tested; undefined if only flaws of the arms are the reason. */
function untestedText(dataSets: readonly ResultsDataSet[]): string | undefined {
  const few = Math.max(...dataSets.map(({ verdict: { fewParticipants } }) => fewParticipants ?? 0));
  if (few > 1)
    return `No volume error is tested: ${counted(few, 'participant')} are too few (at least ${enoughParticipants}).`;
  const arms = dataSets.flatMap(({ verdict }) => verdict.arms);
  if (arms.length > 0 && arms.every(({ flaw }) => flaw !== null)) return undefined;
  return 'There are not enough results to test any volume error.';
}

/** With one data set there is nothing to count. */
function biasInOne(losses: readonly LossCounts[]): string {
  const [biased, others] = [losses.filter((one) => one.biased > 0), losses.filter((one) => one.biased === 0)];
  if (biased.length === 0) return `were not significantly biased ${afterTraining(others)}`;
  const not = others.length === 0 ? '' : `, but not with ${listed(others.map(({ loss }) => lossLong(loss)))}`;
  return `were significantly biased ${afterTraining(biased)}${not}`;
}

const afterTraining = (losses: readonly LossCounts[]): string =>
  `after training with ${listed(losses.map(({ loss }) => lossLong(loss)))}`;

/** `in 3 of the 4 data sets after training with soft Dice, and in …`: losses with equal counts together. */
function shares(losses: readonly LossCounts[], countOf: (counts: LossCounts) => number): string {
  const groups = new Map<string, LossCounts[]>();
  for (const counts of losses) {
    const count = countOf(counts);
    const tested = counts.tested === 1 ? 'the one data set tested' : `the ${counts.tested} data sets`;
    const share = `in ${count === 0 ? 'none' : count} of ${tested}`;
    groups.set(share, [...(groups.get(share) ?? []), counts]);
  }
  return [...groups].map(([share, own]) => `${share} ${afterTraining(own)}`).join(', and ');
}

function clauseOf({
  arm,
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
  const { loss } = arm;
  const { mean, relativeBias, againstZero, mark } = judgedError(arm);
  const [noun, adjective] = yieldsProbabilities(loss) ? ['volume', 'volume'] : ['volume of its masks', 'mask-volume'];
  const whole = wholeText(arm);
  const condition = `trained with ${lossLong(loss)}, ${subject}`;
  if (mean === null || againstZero === null) return `${condition} has no results`;
  const signed = withUnit(formatSigned(mean), unit);
  const { interval, pValue, adjustedPValue, equivalence, participants } = againstZero;
  const flaw = flawClause(arm);
  if (flaw !== undefined) return `${condition} has a mean ${adjective} error of ${signed}, ${flaw}`;
  if (interval === null) {
    const lacking = participants === 1 ? 'one participant' : 'one fold';
    return `${condition} has a mean ${adjective} error of ${signed}, which cannot be tested with ${lacking}`;
  }
  if (participants < enoughParticipants) {
    return `${condition} has a mean ${adjective} error of ${signed}, which ${counted(participants, 'participant')} are too few to test`;
  }
  const holm = adjustedPValue === null ? '' : `, Holm-adjusted ${formatP(adjustedPValue)}`;
  const evidence = `${percent(confidence)} % CI ${formatInterval(interval)}, ${formatP(pValue)}${holm}`;
  const size = equivalence && sizeText(equivalence, `±${percent(equivalenceMargin)} % of ${whole}`);
  if (mark.bias === null) {
    const unbiased = `${condition} shows no significant ${adjective} bias (ΔV ${signed}, ${evidence})`;
    if (size === null) return unbiased;
    return `${unbiased}, ${equivalence?.holds === true ? 'and' : 'but'} its mean ${adjective} error ${size}`;
  }
  const verb = mark.bias === 'over' ? 'overestimates' : 'underestimates';
  const relative = relativeBias === null ? '' : `, ${formatSignedPercent(relativeBias)} of ${whole}`;
  const biased = `${condition} ${verb} the ${noun} by ${withUnit(formatBrief(Math.abs(mean)), unit)}${relative} (${evidence})`;
  return equivalence?.holds === true && size !== null ? `${biased}; this bias ${size}` : biased;
}

/** Whether a mean volume error is shown to be small. */
function sizeText({ holds, pValue }: { readonly holds: boolean; readonly pValue: number }, range: string): string {
  const verb = holds ? 'lies within' : 'is not shown to lie within';
  return `${verb} ${range} (equivalence ${formatP(pValue)})`;
}

/** What percentages refer to. */
function wholeText({ meanTruthVolume, meanUnpredictableVolume }: ResultsArm): string {
  const isCutOff = isMuchCutOff(meanUnpredictableVolume ?? 0, meanTruthVolume);
  return isCutOff ? 'the mean true volume that networks could see' : 'the mean true volume';
}

function badgeOf({ arms, tested, biased, fewParticipants }: Verdict): string {
  if (tested.length === 0 && (fewParticipants ?? 0) > 1) return 'too few participants';
  if (tested.length === 0) return 'not testable';
  if (biased.length === 0) {
    return tested.length < arms.length
      ? `no significant bias with ${listed(tested.map(lossLong))}`
      : 'no significant bias';
  }
  if (biased.length === tested.length && biased.length > 1)
    return `bias with ${biased.length === 2 ? 'both' : 'all'} losses`;
  return `bias with ${listed(biased.map(lossLong))}`;
}
