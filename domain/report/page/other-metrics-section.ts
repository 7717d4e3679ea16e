import { markup, nothing, type Markup } from '../../markup/markup.js';
import type { Results, ResultsArm } from '../../results/results.js';
import { scoreLabels, scoreText } from '../segmentation/score-text.js';
import { gridLabel, lossShort, modelLabel } from '../words/labels.js';
import type { TraceWords } from '../words/trace-words.js';
import { dataSetHeading } from './data-set-heading.js';
import { noteLine } from './note-line.js';
import { scrollArea } from './scroll-area.js';

/** In the order of the columns. */
const shownScores = [
  'dice',
  'jaccard',
  'precision',
  'recall',
  'hausdorff95Mm',
  'averageSurfaceDistanceMm',
  'normalisedSurfaceDice',
  'lesionF1',
  'expectedCalibrationError',
  'brierScore',
  'relativeVolumeError',
] as const satisfies readonly (keyof ResultsArm['scores'])[];

/** The metrics that people expect beside Table 1: means over the cases in which each is defined. */
export function otherMetricsSection({ dataSets }: Results, toleranceMm: number, trace: TraceWords): Markup {
  const bodies = dataSets.map((dataSet) => {
    const rows = dataSet.arms.map((arm, position) => {
      const name = position === 0 ? dataSetHeading(dataSet, dataSet.arms.length) : nothing;
      const cells = shownScores.map((score) => {
        const { mean, cases } = arm.scores[score];
        const origin = trace.ofMean({ dataSet: dataSet.name, ...arm }, score);
        const note = cases < arm.cases ? noteLine(`n = ${cases}`) : nothing;
        return markup`<td title="${origin}">${scoreText(score, mean)}${note}</td>`;
      });
      const label = `${modelLabel(arm.model)} ${lossShort(arm.loss)}`;
      const count = markup`<td title="${trace.ofMean({ dataSet: dataSet.name, ...arm }, 'dice')}">${arm.cases}</td>`;
      return markup`<tr>${name}<th class="text" scope="row">${label}</th>${count}${cells}</tr>`;
    });
    return markup`<tbody>${rows}</tbody>
`;
  });
  const headings = shownScores.map((score) => markup`<th scope="col">${scoreLabels[score]}</th>`);
  return markup`<section><h2>Other metrics</h2><div ${scrollArea('Table 8')}><table>
<caption>Table 8. Means over the arm’s n cases, on the ${gridLabel('native')} and its whole images; where fewer cases have the metric, their number is below it. HD95: 95th percentile of the Hausdorff distance; ASSD: average symmetric surface distance, both in mm, for pictures in pixels; NSD: normalised surface Dice, within ${toleranceMm} mm (pixels); lesion F1 by any overlap; ECE, Brier: over all voxels, and so smaller with more background; ΔV / V: mean relative volume error. <code>cases.csv</code> has the value of each case.</caption>
<thead><tr><th class="text" scope="col">Data set</th><th class="text" scope="col">Arm</th><th scope="col">n</th>${headings}</tr></thead>
${bodies}</table></div></section>`;
}
