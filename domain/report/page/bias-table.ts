import type { MeanTest, Results, ResultsCell, ResultsDataSet, ZeroTest } from '../../results/results.js';
import { formatP, formatSigned, formatSignedPercent, percent, withUnit } from '../words/format-number.js';
import { lossShort, modelLabel, testLabels } from '../words/labels.js';
import { conditionalText, equivalenceText, trainingText } from '../table1/zero-tests.js';
import { dataSetHeading } from './data-set-heading.js';
import { markup, nothing, type Markup } from '../../markup/markup.js';

/**
 * Table 2: volume errors with interval, p-value and relative size, differences between losses, and the theory's bias.
 */
export function biasTableMarkup(results: Results): Markup {
  const { models, losses, rules, equivalenceMargin, confidence, dataSets, source } = results;
  const withTheory = source.theory.length > 0;
  const headings = models.map((model) => markup`<th scope="col">${modelLabel(model)}</th>`);
  const pairs = losses.flatMap((loss, position) => losses.slice(0, position).map((reference) => ({ loss, reference })));
  const bodies = dataSets.map((dataSet) => {
    const lossRows = losses.map((loss, position) => {
      const name = position === 0 ? dataSetHeading(dataSet, losses.length + pairs.length) : nothing;
      const theory = withTheory ? markup`<td>${theoryText(dataSet, loss)}</td>` : nothing;
      const cells = models.map((model) => biasCell(volumeErrorOf(dataSet, model, loss), equivalenceMargin));
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
<caption>Table 2. Mean volume error ΔV (relative to the mean true volume), with ${percent(confidence)} % confidence intervals and p-values of two tests against 0: including the training (“incl. training”) and conditional on these trained networks (“these networks”). The test ${testLabels[rules.decides]} decides the marks. “Within ±${percent(equivalenceMargin)} %” is the test that |ΔV| is below that share of the mean true volume, including the training. Rows such as “SD − CE” show the paired difference between two losses.${withTheory ? ' Theory: bias of a perfect learner that minimises the loss under the known uncertainty.' : ''}</caption>
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

function biasCell(cell: ResultsCell | undefined, margin: number): Markup {
  if (cell === undefined || cell.mean === null || cell.againstZero === null) return markup`<td>—</td>`;
  const { mean, relativeBias, againstZero, mark } = cell;
  const relative = relativeBias === null ? '' : ` (${formatSignedPercent(relativeBias)})`;
  return markup`<td class="${mark.bias ?? ''}">${formatSigned(mean)}${relative}${zeroTests(againstZero, margin)}</td>`;
}

function pairCell(cell: ResultsCell | undefined, reference: string): Markup {
  const test = cell?.pairs.find((pair) => pair.reference === reference);
  return test === undefined ? markup`<td>—</td>` : markup`<td>${formatSigned(test.mean)}${bothTests(test)}</td>`;
}

/** The tests of a volume error against 0, a line each. */
function zeroTests(test: ZeroTest, margin: number): Markup {
  const { adjustedPValue } = test;
  const holm = adjustedPValue === null ? nothing : line(`Holm: ${formatP(adjustedPValue)}`);
  return markup`${bothTests(test)}${holm}${line(`within ±${percent(margin)} %: ${equivalenceText(test)}`)}`;
}

function bothTests(test: MeanTest): Markup {
  return markup`${line(`incl. training: ${trainingText(test)}`)}${line(`these networks: ${conditionalText(test)}`)}`;
}

function line(text: string): Markup {
  return markup`<br><small class="note">${text}</small>`;
}
