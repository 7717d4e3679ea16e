import type { MeanTest, Results, ResultsArm, ResultsDataSet } from '../../results/results.js';
import { formatInterval, formatP, formatSigned, formatSignedPercent, percent } from '../words/format-number.js';
import { lossShort, modelLabel } from '../words/labels.js';
import { dataSetHeading } from './data-set-heading.js';
import { markup, nothing, type Markup } from '../../markup/markup.js';

/**
 * Table 2: volume errors with interval, p-value, relative size and the theory's bias, and differences between losses.
 */
export function biasTableMarkup({ models, losses, confidence, dataSets, source }: Results): Markup {
  const withTheory = source.theory.length > 0;
  const headings = models.map((model) => markup`<th scope="col">${modelLabel(model)}</th>`);
  const pairs = losses.flatMap((loss, position) => losses.slice(0, position).map((reference) => ({ loss, reference })));
  const bodies = dataSets.map((dataSet) => {
    const lossRows = losses.map((loss, position) => {
      const name = position === 0 ? dataSetHeading(dataSet, losses.length + pairs.length) : nothing;
      const cells = models.map((model) => biasCell(armOf(dataSet, model, loss)));
      return markup`<tr>${name}<th class="text" scope="row">${lossShort(loss)}</th>${cells}</tr>`;
    });
    const pairRows = pairs.map(({ loss, reference }) => {
      const cells = models.map((model) => pairCell(armOf(dataSet, model, loss), reference));
      return markup`<tr><th class="text" scope="row">${lossShort(loss)} − ${lossShort(reference)}</th>${cells}</tr>`;
    });
    return markup`<tbody>${lossRows}${pairRows}</tbody>
`;
  });
  return markup`<div class="scroll"><table>
<caption>Table 2. Mean volume error ΔV (relative to the mean true volume), with ${percent(confidence)} % confidence interval and p-value of the test against 0. Rows such as “SD − CE” show the paired difference between two losses.${withTheory ? ` ${theoryCaption}` : ''}</caption>
<thead><tr><th class="text" scope="col">Data set</th><th class="text" scope="col">Loss</th>${headings}</tr></thead>
${bodies}</table></div>`;
}

const theoryCaption =
  'Theory: mean ΔV of a perfect learner, who knows the probability of each uncertain region but not the labels, on the ' +
  'same cases: with the regions as prepared and the labels as drawn, and in parentheses in expectation over all labels ' +
  'that might have been drawn. The two differ by the sampling error of the labels. The remainder, measured minus theory ' +
  'with the labels as drawn, is due to training, the capacity of the model, and noise.';

function armOf({ arms }: ResultsDataSet, model: string, loss: string): ResultsArm | undefined {
  return arms.find((arm) => arm.model === model && arm.loss === loss);
}

function biasCell(arm: ResultsArm | undefined): Markup {
  if (arm === undefined) return markup`<td>—</td>`;
  const { mean, relativeBias, againstZero, mark } = arm.cells.volumeError;
  if (mean === null || againstZero === null) return markup`<td>—</td>`;
  const relative = relativeBias === null ? '' : ` (${formatSignedPercent(relativeBias)})`;
  return markup`<td class="${mark.bias ?? ''}">${formatSigned(mean)}${relative}${evidence(againstZero)}${theoryNote(arm)}</td>`;
}

function theoryNote({ theoryBias }: ResultsArm): Markup {
  if (theoryBias === null) return nothing;
  const { realised, expected, remainder } = theoryBias;
  const text = `theory ${formatSigned(realised)} (${formatSigned(expected)}), remainder ${formatSigned(remainder)}`;
  return markup`<br><small class="note">${text}</small>`;
}

function pairCell(arm: ResultsArm | undefined, reference: string): Markup {
  const test = arm?.cells.volumeError.pairs.find((pair) => pair.reference === reference);
  return test === undefined ? markup`<td>—</td>` : markup`<td>${formatSigned(test.mean)}${evidence(test)}</td>`;
}

function evidence({ interval, pValue }: MeanTest): Markup {
  const text = interval === null ? 'one participant' : `${formatInterval(interval)}, ${formatP(pValue)}`;
  return markup`<br><small class="note">${text}</small>`;
}
