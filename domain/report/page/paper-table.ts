import { metricNames } from '../../evaluate/metrics.js';
import { markup, nothing, type Markup } from '../../markup/markup.js';
import type { PaperMean } from '../../results/paper/beside-paper.js';
import type { Results, ResultsDataSet } from '../../results/results.js';
import { metricLabel } from '../table1/table1-labels.js';
import { counted, formatNumber, formatSigned } from '../words/format-number.js';
import { gridLabel, lossShort, modelLabel } from '../words/labels.js';
import type { TraceWords } from '../words/trace-words.js';
import { dataSetHeading } from './data-set-heading.js';
import { scrollArea } from './scroll-area.js';

const source = 'Bertels et al. 2019';

/** Table 1 and, where the paper used a data set, its values beside ours, behind a switch that needs no script. Paper shows both. */
export function table1Switch(table1: Markup, results: Results, trace: TraceWords): Markup {
  const beside = results.dataSets.filter(({ paper }) => paper !== null);
  if (beside.length === 0) return table1;
  return markup`<div class="switch"><input type="radio" name="table1" id="table1-own" checked><label for="table1-own">this sweep</label>
<input type="radio" name="table1" id="table1-paper"><label for="table1-paper">beside the paper</label>
<div class="own">${table1}</div><div class="paper">${paperTable(beside, results, trace)}</div></div>`;
}

function paperTable(dataSets: readonly ResultsDataSet[], results: Results, trace: TraceWords): Markup {
  const arms = results.models.flatMap((model) => results.losses.map((loss) => ({ model, loss })));
  const shown = arms.filter((arm) => dataSets.some(({ paper }) => paper?.means.some((mean) => isOf(mean, arm))));
  const headings = shown.map(({ model, loss }) => markup`<th scope="col">${modelLabel(model)} ${lossShort(loss)}</th>`);
  const bodies = dataSets.map((dataSet) => {
    const means = dataSet.paper?.means ?? [];
    const metrics = metricNames.filter((name) => means.some(({ metric }) => metric === name));
    const rows = metrics.flatMap((metric, position) => {
      const ofMetric = shown.map((arm) => means.find((mean) => mean.metric === metric && isOf(mean, arm)));
      const cell = (mean: PaperMean | undefined, text: (value: PaperMean) => string | null): Markup => {
        const shownText = mean === undefined ? null : text(mean);
        if (mean === undefined || shownText === null) return markup`<td>—</td>`;
        return markup`<td title="${trace.ofMean({ dataSet: dataSet.name, ...mean }, metric)}">${shownText}</td>`;
      };
      const papers = ofMetric.map((mean) =>
        mean === undefined
          ? markup`<td>—</td>`
          : markup`<td title="Table 1 of ${source}">${formatNumber(mean.paper)}</td>`,
      );
      const own = ofMetric.map((mean) => cell(mean, ({ own: value }) => (value === null ? null : formatNumber(value))));
      const differences = ofMetric.map((mean) =>
        cell(mean, ({ difference: value }) => (value === null ? null : formatSigned(value))),
      );
      const heading = position === 0 ? dataSetHeading(dataSet, 3 * metrics.length) : nothing;
      return [
        markup`<tr>${heading}<th class="text" scope="rowgroup" rowspan="3">${metricLabel(metric, dataSet)}</th><th class="text" scope="row">this sweep</th>${own}</tr>`,
        markup`<tr><th class="text" scope="row">paper</th>${papers}</tr>`,
        markup`<tr><th class="text" scope="row">difference</th>${differences}</tr>`,
      ];
    });
    return markup`<tbody>${rows}</tbody>
`;
  });
  const counts = dataSets.flatMap(({ paper, measuredCases }) =>
    paper === null ? [] : `${paper.dataSet} has ${counted(paper.cases, 'case')} there and ${measuredCases} here`,
  );
  return markup`<div ${scrollArea('Table 1 beside the paper')}><table>
<caption>The means of Table 1 beside those of ${source} (Table 1; Dice from its text). ${counts.join('; ')}. volbias knows ${dataSets.length > 1 ? 'these data sets' : 'this data set'} by layout and names alone: it cannot tell whether the cases are the paper’s. The paper measured on the ${gridLabel('working')}, this sweep on the ${gridLabel(results.grid)}; the Methods below state the other settings.</caption>
<thead><tr><th class="text" scope="col">Data set</th><th class="text" scope="col">Metric</th><th class="text" scope="col">Source</th>${headings}</tr></thead>
${bodies}</table></div>`;
}

function isOf(mean: PaperMean, { model, loss }: { readonly model: string; readonly loss: string }): boolean {
  return mean.model === model && mean.loss === loss;
}
