import { otherGridOf } from '../../evaluate/evaluation-row.js';
import { metricNames } from '../../evaluate/metrics.js';
import { markup, nothing, type Markup } from '../../markup/markup.js';
import type { Results } from '../../results/results.js';
import { metricLabel } from '../table1/table1-labels.js';
import { formatNumber } from '../words/format-number.js';
import { gridLabel, lossShort, modelLabel } from '../words/labels.js';
import type { TraceWords } from '../words/trace-words.js';
import { dataSetHeading } from './data-set-heading.js';
import { scrollArea } from './scroll-area.js';

/** Table 3: the means of Table 1 on the other grid, without tests. */
export function otherGridTable({ models, losses, grid, dataSets }: Results, trace: TraceWords): Markup {
  const headings = models.flatMap((model) =>
    losses.map((loss) => markup`<th scope="col">${modelLabel(model)} ${lossShort(loss)}</th>`),
  );
  const bodies = dataSets.map((dataSet) => {
    const rows = metricNames.map((metric, position) => {
      const name = position === 0 ? dataSetHeading(dataSet, metricNames.length) : nothing;
      const cells = dataSet.arms.map(({ model, loss, otherGrid }) => {
        if (otherGrid === null) return markup`<td>—</td>`;
        const origin = trace.ofMean({ dataSet: dataSet.name, model, loss }, metric);
        return markup`<td title="${origin}">${formatNumber(otherGrid.means[metric])}</td>`;
      });
      return markup`<tr>${name}<th class="text" scope="row">${metricLabel(metric, dataSet)}</th>${cells}</tr>`;
    });
    return markup`<tbody>${rows}</tbody>
`;
  });
  return markup`<div ${scrollArea('Table 3')}><table>
<caption>Table 3. The means of Table 1, measured on the ${gridLabel(otherGridOf(grid))}.</caption>
<thead><tr><th class="text" scope="col">Data set</th><th class="text" scope="col">Metric</th>${headings}</tr></thead>
${bodies}</table></div>`;
}
