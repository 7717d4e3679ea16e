import { inlineSvg } from '../../figures/figure.js';
import { markup, nothing, type Markup } from '../../markup/markup.js';
import type { Results } from '../../results/results.js';
import { reliabilityFigure } from '../figures/reliability-figure.js';
import { calibrationText, shareText } from '../words/calibration-text.js';
import { formatNumber } from '../words/format-number.js';
import { lossShort, modelLabel } from '../words/labels.js';
import type { TraceWords } from '../words/trace-words.js';
import { dataSetHeading } from './data-set-heading.js';
import { figureLegend, tied } from './sections.js';
import { scrollArea } from './scroll-area.js';

/** Whether probabilities mean what they say; nothing without results. */
export function calibrationSection(results: Results, trace: TraceWords): Markup {
  const { dataSets, losses, repeats } = results;
  const sentences = dataSets.flatMap((dataSet) => calibrationText(dataSet) ?? []);
  if (sentences.length === 0) return nothing;
  return markup`<section><h2>Calibration of probabilities</h2>${figureLegend(losses, {})}
<figure><div ${scrollArea('Figure 4')}>${inlineSvg(reliabilityFigure(results, trace))}</div>
<figcaption>Figure 4. Reliability: of the voxels with each predicted probability (ten bins), the share that is structure, over all held-out cases on the working grid where the networks predict${repeats > 1 ? ', once for each repeat' : ''}. Dashed: calibrated predictions. The area of a mark grows with its share of the predicted volume.</figcaption></figure>
${sentences.map((sentence) => markup`<p>${tied(sentence)}</p>`)}
${calibrationTable(results, trace)}</section>`;
}

function calibrationTable({ dataSets }: Results, trace: TraceWords): Markup {
  const bodies = dataSets.map((dataSet) => {
    const origin = trace.ofUnit(dataSet.name, 'join');
    const rows = dataSet.arms.map(({ model, loss, calibration }, position) => {
      const name = position === 0 ? dataSetHeading(dataSet, dataSet.arms.length) : nothing;
      const cells =
        calibration === null
          ? new Array<string>(5).fill('—')
          : [
              formatNumber(calibration.expectedCalibrationError),
              calibration.misplacedShare === null ? '—' : shareText(calibration.misplacedShare),
              calibration.slope === null ? '—' : formatNumber(calibration.slope),
              calibration.uncertainShare === null ? '—' : shareText(calibration.uncertainShare),
              String(calibration.voxels),
            ];
      const marked = cells.map((text) => markup`<td title="${origin}">${text}</td>`);
      return markup`<tr>${name}<th class="text" scope="row">${modelLabel(model)} ${lossShort(loss)}</th>${marked}</tr>`;
    });
    return markup`<tbody>${rows}</tbody>
`;
  });
  return markup`<div ${scrollArea('Table 7')}><table>
<caption>Table 7. Calibration over the voxels of Figure 4. ECE: expected calibration error; it becomes smaller with more background. Misplaced: the same sum of errors over the bins as a share of the predicted volume. Slope: that of a logistic regression of the truth on the predicted log-odds: 1 if calibrated, below 1 where probabilities are too extreme, above where not extreme enough; — where none fits best. Uncertain: the share of the predicted volume in voxels with 0.1 ≤ ŷ &lt; 0.9.</caption>
<thead><tr><th class="text" scope="col">Data set</th><th class="text" scope="col">Arm</th><th scope="col">ECE</th><th scope="col">Misplaced</th><th scope="col">Slope</th><th scope="col">Uncertain</th><th scope="col">Voxels</th></tr></thead>
${bodies}</table></div>`;
}
