import { metricNames } from '../../evaluate/metrics.js';
import { canonicalJson } from '../../plan/key.js';
import type { PartialCounts } from '../report-input.js';
import type { Results, ResultsArm, ResultsCell } from '../../results/results.js';

/**
 * Table 1 in full precision, with all tests, the rules by which they become marks, and theoretical predictions, as
 * canonical JSON (RFC 8785). `partial`: how far the sweep is, if it is not finished.
 */
export function table1Json(
  { models, losses, grid, dataSets, rules, equivalenceMargin, source }: Results,
  partial?: PartialCounts,
): string {
  const { comparisons, theory, collapses } = source;
  const table = {
    models,
    losses,
    grid,
    dataSets: dataSets.map(({ name, unit, terciles, arms, paper }) => ({
      ...{ name, unit, terciles },
      arms: arms.map(armOf),
      ...(paper !== null && { paper }),
    })),
  };
  return `${canonicalJson({ table, comparisons, rules: { ...rules, equivalenceMargin }, theory, ...(collapses.length > 0 && { collapses }), ...(partial !== undefined && { partial }) })}\n`;
}

function armOf(arm: ResultsArm): object {
  const { model, loss, cases, participants, cells, theoryBias, missingFolds, otherGrid } = arm;
  const { agreement, terciles, crossings, scores, calibration } = arm;
  const { meanTruthVolume, meanUnpredictableVolume } = arm;
  const known = theoryBias !== null && { theoryBias };
  const means = cases === 0 ? null : Object.fromEntries(metricNames.map((metric) => [metric, cells[metric].mean]));
  const { volumeError, volumeErrorThresholded } = cells;
  const outcomes = {
    volumeError: outcomeOf(volumeError),
    volumeErrorThresholded: outcomeOf(volumeErrorThresholded),
  };
  return {
    ...{ model, loss, cases, participants, means, meanTruthVolume, meanUnpredictableVolume },
    ...{ missingFolds, outcomes, agreement, terciles, otherGrid, scores, calibration, ...known },
    ...(crossings.length > 0 && { crossings }),
  };
}

/** What the rules make of the tests of a volume error. */
function outcomeOf({ againstZero, mark }: ResultsCell): object | null {
  if (againstZero === null) return null;
  const { adjustedPValue, equivalence } = againstZero;
  return { mark: mark.bias, adjustedPValue, equivalent: equivalence?.holds ?? null };
}
