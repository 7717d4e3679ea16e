import type { Calibration } from '../../results/calibration-of.js';
import type { ResultsArm, ResultsDataSet } from '../../results/results.js';
import { formatBrief, listed } from './format-number.js';
import { lossLong, modelLabel } from './labels.js';

/** Probabilities are called calibrated with a slope within these and a smaller share of misplaced volume than this. */
const calibratedSlopes = [0.8, 1.25] as const;
const mostMisplacedShare = 0.1;
/** With a smaller share of uncertain volume, probabilities that are not calibrated are called all or nothing. */
const leastUncertainShare = 0.1;

/**
 * One sentence on the model that judges the data set: which losses have calibrated probabilities, and what is wrong with the
 * others. Undefined without results.
 */
export function calibrationText({ name, verdict, arms }: ResultsDataSet): string | undefined {
  const { model } = verdict;
  const parts = arms.filter((arm) => arm.model === model).flatMap(partOf);
  if (model === null || parts.length === 0) return undefined;
  return `In ${name}, the probabilities of ${modelLabel(model)} are ${listed(parts)}.`;
}

function partOf({ loss, calibration }: ResultsArm): string[] {
  if (calibration === null) return [];
  const { slope, misplacedShare, uncertainShare } = calibration;
  const facts = [
    ...(slope === null ? [] : [`slope ${formatBrief(slope)}`]),
    ...(misplacedShare === null ? [] : [`${shareText(misplacedShare)} of the volume misplaced`]),
    ...(uncertainShare === null ? [] : [`${shareText(uncertainShare)} at 0.1 ≤ ŷ < 0.9`]),
  ];
  const inBrackets = facts.length === 0 ? '' : ` (${facts.join('; ')})`;
  return [`${kindOf(calibration)} with ${lossLong(loss)}${inBrackets}`];
}

function kindOf({ slope, misplacedShare, uncertainShare }: Calibration): string {
  const [lowest, highest] = calibratedSlopes;
  if (slope !== null && slope >= lowest && slope <= highest) {
    return misplacedShare !== null && misplacedShare <= mostMisplacedShare ? 'calibrated' : 'not well calibrated';
  }
  if (uncertainShare !== null && uncertainShare < leastUncertainShare) return 'all or nothing';
  if (slope === null) return 'without a slope of calibration';
  return slope < lowest ? 'too extreme' : 'not extreme enough';
}

/** `34 %`, `10.4 %`, `3.2 %`: near the limits, with a digit more. */
export function shareText(share: number): string {
  return `${(100 * share).toFixed(share < 0.15 ? 1 : 0)} %`;
}
