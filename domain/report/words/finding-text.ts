import type { OverallVerdict, Results, ResultsArm, ResultsDataSet, Verdict } from '../../results/results.js';
import { findingRemarks } from './finding-remarks.js';
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
import { lossLong, modelLabel } from './labels.js';

/** The finding for one data set in words, all derived from the results. */
export interface FindingText {
  readonly badge: string;
  readonly sentence: string;
  /** Further sentences: differences between the losses, Dice, theory, gaps. */
  readonly remarks: readonly string[];
}

export function findingText(dataSet: ResultsDataSet, { confidence }: Pick<Results, 'confidence'>): FindingText {
  const { verdict } = dataSet;
  const { model, arms } = verdict;
  if (model === null) {
    return { badge: 'no results', sentence: 'No arm has results for this data set.', remarks: [] };
  }
  const clauses = arms.map((arm, position) =>
    clauseOf({ arm, subject: position === 0 ? modelLabel(model) : 'it', dataSet, confidence }),
  );
  return {
    badge: badgeOf(verdict),
    sentence: `${capitalised(clauses.join('; '))}.`,
    remarks: findingRemarks(dataSet),
  };
}

/** One sentence over all data sets. */
export function overallFinding({ models, losses }: OverallVerdict): string {
  const parts = losses.map(({ loss, tested, biased }) => {
    const share =
      tested === 1 ? `${biased} of 1 data set` : `${biased === 0 ? 'none' : biased} of the ${tested} data sets`;
    return `in ${share} after training with ${lossLong(loss)}`;
  });
  if (parts.length === 0) return 'There are not enough results to test any volume error.';
  return `The volumes predicted by ${listed(models.map(modelLabel))} were significantly biased ${parts.join(', and ')}.`;
}

function clauseOf({
  arm: { loss, cells },
  subject,
  dataSet: { unit },
  confidence,
}: {
  readonly arm: ResultsArm;
  readonly subject: string;
  readonly dataSet: ResultsDataSet;
  readonly confidence: number;
}): string {
  const { mean, relativeBias, againstZero, mark } = cells.volumeError;
  const condition = `trained with ${lossLong(loss)}, ${subject}`;
  if (mean === null || againstZero === null) return `${condition} has no results`;
  const signed = withUnit(formatSigned(mean), unit);
  if (againstZero.interval === null) {
    return `${condition} has a mean volume error of ${signed}, which cannot be tested with one participant`;
  }
  const evidence = `${percent(confidence)} % CI ${formatInterval(againstZero.interval)}, ${formatP(againstZero.pValue)}`;
  if (mark.bias === null) return `${condition} shows no significant volume bias (ΔV ${signed}, ${evidence})`;
  const verb = mark.bias === 'over' ? 'overestimates' : 'underestimates';
  const relative = relativeBias === null ? '' : `, ${formatSignedPercent(relativeBias)} of the mean true volume`;
  return `${condition} ${verb} the volume by ${withUnit(formatBrief(Math.abs(mean)), unit)}${relative} (${evidence})`;
}

function badgeOf({ tested, biased }: Verdict): string {
  if (tested.length === 0) return 'not testable';
  if (biased.length === 0) return 'no significant bias';
  if (biased.length === tested.length && biased.length > 1)
    return `bias with ${biased.length === 2 ? 'both' : 'all'} losses`;
  return `bias with ${listed(biased.map(lossLong))}`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
