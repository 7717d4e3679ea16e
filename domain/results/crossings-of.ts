import type { EvaluationRow } from '../evaluate/evaluation-row.js';
import { judgedVolumes } from './judged-volumes.js';
import type { ThresholdCrossings } from './results.js';

/**
 * How many cases of an arm lie on the wrong side of each threshold by their predicted volume, for decisions that depend on
 * volume > threshold. A volume at the threshold is not above it.
 */
export function crossingsOf(rows: readonly EvaluationRow[], thresholdsMl: readonly number[]): ThresholdCrossings[] {
  const volumes = rows.map(judgedVolumes);
  return thresholdsMl.map((thresholdMl) => ({
    thresholdMl,
    truthAbove: volumes.filter(({ truth }) => truth > thresholdMl).length,
    raised: volumes.filter(({ truth, predicted }) => truth <= thresholdMl && predicted > thresholdMl).length,
    lowered: volumes.filter(({ truth, predicted }) => truth > thresholdMl && predicted <= thresholdMl).length,
  }));
}
