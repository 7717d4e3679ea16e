import { metricNames } from '../../evaluate/metrics.js';
import type { Results } from '../../results/results.js';
import { extraRows, legendOf, markText, metricLabel, type ExtraRow } from '../table1/table1-labels.js';
import { formatNumber } from '../words/format-number.js';
import { lossShort, modelLabel } from '../words/labels.js';
import type { TraceWords } from '../words/trace-words.js';
import { dataSetHeading } from './data-set-heading.js';
import { markup, nothing, type Markup } from '../../markup/markup.js';
import { scrollArea } from './scroll-area.js';

/** Table 1 in the paper's layout. Each mean has a tooltip that says where it comes from. */
export function table1Markup(results: Results, trace: TraceWords): Markup {
  const { models, losses, dataSets, repeats } = results;
  const modelHeadings = models.map(
    (model) => markup`<th scope="colgroup" colspan="${losses.length}">${modelLabel(model)}</th>`,
  );
  const lossHeadings = models.flatMap(() => losses.map((loss) => markup`<th scope="col">${lossShort(loss)}</th>`));
  const bodies = dataSets.map((dataSet) => {
    const extra = extraRows(dataSet);
    const rowCount = metricNames.length + extra.length;
    const rows = metricNames.map((metric, position) => {
      const name = position === 0 ? dataSetHeading(dataSet, rowCount) : nothing;
      const cells = dataSet.arms.map((arm, column) => {
        const first = column % losses.length === 0 ? 'first' : '';
        const { mean, mark } = arm.cells[metric];
        const marks = markup`<span class="marks">${markText(mark)}</span>`;
        if (mean === null) return markup`<td class="${first}">—${marks}</td>`;
        const origin = trace.ofMean({ dataSet: dataSet.name, ...arm }, metric);
        return markup`<td class="${first} ${mark.bias ?? ''}" title="${origin}">${formatNumber(mean)}${marks}</td>`;
      });
      return markup`<tr>${name}<th class="text" scope="row">${metricLabel(metric, dataSet)}</th>${cells}</tr>`;
    });
    const others = extra.map((row) => extraMarkup(row, losses.length, trace.ofUnit(dataSet.name, row.step)));
    return markup`<tbody>${rows}${others}</tbody>
`;
  });
  const predictors = repeats > 1 ? `${repeats} networks (repeats)` : 'network';
  return markup`<div ${scrollArea('Table 1')}><table>
<caption>Table 1. Means over all cases ${results.gaps.length > 0 ? 'that have results' : 'of all folds'}; each case was predicted by the ${predictors} trained without its fold. ${legendOf(results).join('; ')}.</caption>
<thead><tr class="models"><th class="text" colspan="2">Model</th>${modelHeadings}</tr>
<tr><th class="text" scope="col">Data set</th><th class="text" scope="col">Metric</th>${lossHeadings}</tr></thead>
${bodies}</table></div>`;
}

function extraMarkup({ label, cells }: ExtraRow, losses: number, origin: string): Markup {
  const columns = cells.map(
    (cell, column) =>
      markup`<td class="${column % losses === 0 ? 'first' : ''}" title="${origin}">${cell}<span class="marks"></span></td>`,
  );
  return markup`<tr><th class="text" scope="row">${label}</th>${columns}</tr>`;
}
