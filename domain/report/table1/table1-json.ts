import { metricNames } from '../../evaluate/metrics.js';
import { canonicalJson } from '../../plan/key.js';
import type { Results, ResultsArm } from '../../results/results.js';

/** Table 1 in full precision, with all tests and theoretical predictions, as canonical JSON (RFC 8785). */
export function table1Json({ models, losses, grid, dataSets, source }: Results): string {
  const { comparisons, theory, collapses } = source;
  const table = {
    models,
    losses,
    grid,
    dataSets: dataSets.map(({ name, unit, arms }) => ({ name, unit, arms: arms.map(armOf) })),
  };
  return `${canonicalJson({ table, comparisons, theory, ...(collapses.length > 0 && { collapses }) })}\n`;
}

function armOf({
  model,
  loss,
  cases,
  participants,
  cells,
  meanTruthVolume,
  missingFolds,
  otherGrid,
}: ResultsArm): object {
  const means = cases === 0 ? null : Object.fromEntries(metricNames.map((metric) => [metric, cells[metric].mean]));
  return { model, loss, cases, participants, means, meanTruthVolume, missingFolds, otherGrid };
}
