import type { MeanTest, Results, ResultsCell, ResultsDataSet } from '../../results/results.js';
import {
  formatInterval,
  formatP,
  formatSigned,
  formatSignedPercent,
  percent,
  withUnit,
} from '../words/format-number.js';
import { gridLabel, lossShort, modelLabel } from '../words/labels.js';
import { dataSetHeading } from './data-set-heading.js';
import { markup, nothing, type Markup } from '../../markup/markup.js';

/**
 * Table 2: volume errors with interval, p-value and relative size, differences between losses, and the theory's bias.
 */
export function biasTableMarkup({ models, losses, grid, confidence, dataSets, source }: Results): Markup {
  const withTheory = source.theory.length > 0;
  const headings = models.map((model) => markup`<th scope="col">${modelLabel(model)}</th>`);
  const pairs = losses.flatMap((loss, position) => losses.slice(0, position).map((reference) => ({ loss, reference })));
  const bodies = dataSets.map((dataSet) => {
    const lossRows = losses.map((loss, position) => {
      const name = position === 0 ? dataSetHeading(dataSet, losses.length + pairs.length) : nothing;
      const theory = withTheory ? markup`<td>${theoryText(dataSet, loss)}</td>` : nothing;
      const cells = models.map((model) => biasCell(volumeErrorOf(dataSet, model, loss)));
      return markup`<tr>${name}<th class="text" scope="row">${lossShort(loss)}</th>${theory}${cells}</tr>`;
    });
    const pairRows = pairs.map(({ loss, reference }) => {
      const cells = models.map((model) => pairCell(volumeErrorOf(dataSet, model, loss), reference));
      return markup`<tr><th class="text" scope="row">${lossShort(loss)} − ${lossShort(reference)}</th>${withTheory ? markup`<td></td>` : nothing}${cells}</tr>`;
    });
    return markup`<tbody>${lossRows}${pairRows}</tbody>
`;
  });
  return markup`<div class="scroll"><table>
<caption>Table 2. Mean volume error ΔV on the ${gridLabel(grid)} (relative to the mean true volume), with ${percent(confidence)} % confidence interval and p-value of the test against 0. Rows such as “SD − CE” show the paired difference between two losses.${withTheory ? ' Theory: bias of a perfect learner that minimises the loss under the known uncertainty.' : ''}</caption>
<thead><tr><th class="text" scope="col">Data set</th><th class="text" scope="col">Loss</th>${withTheory ? markup`<th scope="col">Theory</th>` : nothing}${headings}</tr></thead>
${bodies}</table></div>`;
}

function volumeErrorOf({ arms }: ResultsDataSet, model: string, loss: string): ResultsCell | undefined {
  return arms.find((arm) => arm.model === model && arm.loss === loss)?.cells.volumeError;
}

/** The prediction depends only on the loss and is the same for every model. */
function theoryText({ arms, unit }: ResultsDataSet, loss: string): string {
  const bias = arms.find((arm) => arm.loss === loss)?.theoryBias ?? null;
  return bias === null ? '—' : withUnit(formatSigned(bias), unit);
}

function biasCell(cell: ResultsCell | undefined): Markup {
  if (cell === undefined || cell.mean === null || cell.againstZero === null) return markup`<td>—</td>`;
  const { mean, relativeBias, againstZero, mark } = cell;
  const relative = relativeBias === null ? '' : ` (${formatSignedPercent(relativeBias)})`;
  return markup`<td class="${mark.bias ?? ''}">${formatSigned(mean)}${relative}${evidence(againstZero)}</td>`;
}

function pairCell(cell: ResultsCell | undefined, reference: string): Markup {
  const test = cell?.pairs.find((pair) => pair.reference === reference);
  return test === undefined ? markup`<td>—</td>` : markup`<td>${formatSigned(test.mean)}${evidence(test)}</td>`;
}

function evidence({ interval, pValue }: MeanTest): Markup {
  const text = interval === null ? 'one participant' : `${formatInterval(interval)}, ${formatP(pValue)}`;
  return markup`<br><small class="note">${text}</small>`;
}
