import { metricNames } from '../evaluate/metrics.js';
import type { ComparisonIndex } from '../statistics/comparison-index.js';
import {
  counted,
  formatInterval,
  formatNumber,
  formatP,
  formatSigned,
  formatSignedPercent,
  withUnit,
  percent,
} from './format-number.js';
import { lossShort, modelLabel } from './labels.js';
import { markup, nothing, type Markup } from './markup.js';
import type { ReportDataSet, TheoryPrediction } from './report-input.js';
import type { Table1, Table1DataSet } from './table1.js';
import { legendOf, markText, marksOf, metricLabel } from './table1-marks.js';

export interface TablesInput {
  readonly table: Table1;
  readonly comparisons: ComparisonIndex;
  readonly dataSets: readonly ReportDataSet[];
  readonly theory: readonly TheoryPrediction[];
  readonly significance: number;
}

/** Table 1 as the paper lays it out. */
export function table1Markup({ table, comparisons, dataSets, significance }: TablesInput): Markup {
  const models = table.models.map(
    (model) => markup`<th scope="colgroup" colspan="${table.losses.length}">${modelLabel(model)}</th>`,
  );
  const losses = table.models.flatMap(() =>
    table.losses.map((loss) => markup`<th scope="col">${lossShort(loss)}</th>`),
  );
  const bodies = table.dataSets.map((dataSet) => {
    const rows = metricNames.map((metric, position) => {
      const name = position === 0 ? dataSetHeading(dataSet, dataSets, metricNames.length) : nothing;
      const cells = dataSet.arms.map((arm, column) => {
        const first = column % table.losses.length === 0 ? 'first' : '';
        if (arm.means === null) return markup`<td class="${first}">—<span class="marks">†</span></td>`;
        const marks = marksOf({ table, dataSet, arm, metric, comparisons });
        return markup`<td class="${first} ${marks.bias ?? ''}">${formatNumber(arm.means[metric])}<span class="marks">${markText(marks)}</span></td>`;
      });
      return markup`<tr>${name}<th class="text" scope="row">${metricLabel(metric, dataSet)}</th>${cells}</tr>`;
    });
    return markup`<tbody>${rows}</tbody>
`;
  });
  return markup`<div class="scroll"><table>
<caption>Table 1. Means over all cases of all folds, each case predicted by the network trained without its fold. ${legendOf(table, significance).join('; ')}.</caption>
<thead><tr class="models"><th class="text" colspan="2">Model</th>${models}</tr>
<tr><th class="text" scope="col">Data set</th><th class="text" scope="col">Metric</th>${losses}</tr></thead>
${bodies}</table></div>`;
}

/** The volume errors again with interval, p and relative size, the difference of the losses, and the theory's bias. */
export function biasTableMarkup({ table, comparisons, dataSets, theory, significance }: TablesInput): Markup {
  const withTheory = theory.length > 0;
  const models = table.models.map((model) => markup`<th scope="col">${modelLabel(model)}</th>`);
  const bodies = table.dataSets.map((dataSet) => {
    const pairs = table.losses.flatMap((loss, position) =>
      table.losses.slice(0, position).map((reference) => ({ loss, reference })),
    );
    const lossRows = table.losses.map((loss, position) => {
      const prediction = theory.find((p) => p.dataSet === dataSet.name && p.loss === loss);
      const predicted =
        prediction === undefined ? '—' : withUnit(formatSigned(prediction.predictedBias), prediction.unit);
      const cells = table.models.map((model) => biasCell({ dataSet, model, loss, comparisons }));
      return markup`<tr>${position === 0 ? dataSetHeading(dataSet, dataSets, table.losses.length + pairs.length) : nothing}<th class="text" scope="row">${lossShort(loss)}</th>${withTheory ? markup`<td>${predicted}</td>` : nothing}${cells}</tr>`;
    });
    const pairRows = pairs.map(({ loss, reference }) => {
      const cells = table.models.map((model) => {
        const test = comparisons.lossPair({ dataSet: dataSet.name, model, loss }, reference, 'volumeError');
        if (test === undefined) return markup`<td>—</td>`;
        return markup`<td>${formatSigned(test.mean)}<br><small class="note">${test.interval === null ? 'one participant' : `${formatInterval(test.interval)}, ${formatP(test.pValue)}`}</small></td>`;
      });
      return markup`<tr><th class="text" scope="row">${lossShort(loss)} − ${lossShort(reference)}</th>${withTheory ? markup`<td></td>` : nothing}${cells}</tr>`;
    });
    return markup`<tbody>${lossRows}${pairRows}</tbody>
`;
  });
  return markup`<div class="scroll"><table>
<caption>Table 2. Mean volume error ΔV, its share of the mean true volume, ${percent(1 - significance)} % interval and p against 0; rows “SD − CE” compare the losses case by case.${withTheory ? ' Theory: the bias of a perfect learner that minimises the loss under the known uncertainty.' : ''}</caption>
<thead><tr><th class="text" scope="col">Data set</th><th class="text" scope="col">Loss</th>${withTheory ? markup`<th scope="col">Theory</th>` : nothing}${models}</tr></thead>
${bodies}</table></div>`;
}

function biasCell({
  dataSet,
  model,
  loss,
  comparisons,
}: {
  readonly dataSet: Table1DataSet;
  readonly model: string;
  readonly loss: string;
  readonly comparisons: ComparisonIndex;
}): Markup {
  const arm = dataSet.arms.find((candidate) => candidate.model === model && candidate.loss === loss);
  const test = comparisons.againstZero({ dataSet: dataSet.name, model, loss }, 'volumeError');
  if (arm?.means == null || test === undefined) return markup`<td>—</td>`;
  const relative =
    arm.meanTruthVolume === null || arm.meanTruthVolume === 0
      ? ''
      : ` (${formatSignedPercent(arm.means.volumeError / arm.meanTruthVolume)})`;
  const bias = test.significant ? (test.mean > 0 ? 'over' : 'under') : '';
  const evidence =
    test.interval === null ? 'one participant' : `${formatInterval(test.interval)}, ${formatP(test.pValue)}`;
  return markup`<td class="${bias}">${formatSigned(test.mean)}${relative}<br><small class="note">${evidence}</small></td>`;
}

function dataSetHeading(dataSet: Table1DataSet, dataSets: readonly ReportDataSet[], rows: number): Markup {
  const found = dataSets.find((candidate) => candidate.name === dataSet.name);
  const size =
    found === undefined
      ? ''
      : found.participants === found.cases
        ? counted(found.cases, 'case')
        : `${counted(found.cases, 'case')}, ${counted(found.participants, 'participant')}`;
  return markup`<th class="text name" scope="rowgroup" rowspan="${rows}">${dataSet.name}<small>${size}</small></th>`;
}
