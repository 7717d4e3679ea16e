import { judgedError } from '../../results/verdict-of.js';
import { yieldsProbabilities } from '../../training/losses/loss-choice.js';
import type { MeanTest, Results, ResultsArm, ResultsDataSet, ZeroTest } from '../../results/results.js';
import { formatP, formatSigned, formatSignedPercent, percent } from '../words/format-number.js';
import { gridLabel, lossShort, modelLabel, testLabels } from '../words/labels.js';
import type { TraceWords } from '../words/trace-words.js';
import { conditionalText, equivalenceText, trainingText } from '../table1/zero-tests.js';
import { dataSetHeading } from './data-set-heading.js';
import { noteLine } from './note-line.js';
import { markup, nothing, type Markup } from '../../markup/markup.js';
import { scrollArea } from './scroll-area.js';

/**
 * Table 2: volume errors with interval, p-value, relative size and the theory's bias, and differences from the first loss.
 */
export function biasTableMarkup(results: Results, trace: TraceWords): Markup {
  const { models, losses, grid, rules, equivalenceMargin, confidence, dataSets, source } = results;
  const withTheory = source.theory.length > 0;
  const headings = models.map((model) => markup`<th scope="col">${modelLabel(model)}</th>`);
  const [first = '', ...others] = losses;
  const pairs = others.map((loss) => ({ loss, reference: first }));
  const [pair] = pairs;
  const pairCaption =
    pair === undefined
      ? ''
      : ` Rows such as “${lossShort(pair.loss)} − ${lossShort(pair.reference)}” show the paired difference between two losses.`;
  const bodies = dataSets.map((dataSet) => {
    const lossRows = losses.map((loss, position) => {
      const name = position === 0 ? dataSetHeading(dataSet, losses.length + pairs.length) : nothing;
      const cells = models.map((model) => {
        const origin = `${trace.ofMean({ dataSet: dataSet.name, model, loss }, 'volumeError')}; ${trace.ofUnit(dataSet.name, 'compare')}`;
        return biasCell(armOf(dataSet, model, loss), { margin: equivalenceMargin, origin });
      });
      return markup`<tr>${name}<th class="text" scope="row">${lossShort(loss)}</th>${cells}</tr>`;
    });
    const pairRows = pairs.map(({ loss, reference }) => {
      const origin = trace.ofUnit(dataSet.name, 'compare');
      const cells = models.map((model) => pairCell(armOf(dataSet, model, loss), { reference, origin }));
      return markup`<tr><th class="text" scope="row"><span class="part">${lossShort(loss)} − ${lossShort(reference)}</span></th>${cells}</tr>`;
    });
    return markup`<tbody>${lossRows}${pairRows}</tbody>
`;
  });
  return markup`<div ${scrollArea('Table 2')}><table>
<caption>Table 2. Mean volume error ΔV on the ${gridLabel(grid)} (relative to the mean true volume that networks could see), with ${percent(confidence)} % confidence intervals and p-values of two tests against 0: including the training (“incl. training”) and conditional on these trained networks (“these networks”). The test ${testLabels[rules.decides]} decides the marks. “Within ±${percent(equivalenceMargin)} %” is the test that |ΔV| is below that share of this volume, including the training.${pairCaption}${withTheory ? ` ${theoryCaption}` : ''}</caption>
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

function biasCell(
  arm: ResultsArm | undefined,
  { margin, origin }: { readonly margin: number; readonly origin: string },
): Markup {
  if (arm === undefined) return markup`<td>—</td>`;
  const { mean, relativeBias, againstZero, mark } = judgedError(arm);
  if (mean === null || againstZero === null) return markup`<td>—</td>`;
  const relative = relativeBias === null ? '' : ` (${formatSignedPercent(relativeBias)})`;
  return markup`<td class="${mark.bias ?? ''}" title="${origin}"><span class="part">${formatSigned(mean)}${relative}</span>${yieldsProbabilities(arm.loss) ? nothing : noteLine('of the masks')}${zeroTests(againstZero, margin)}${theoryNote(arm)}</td>`;
}

function theoryNote({ theoryBias }: ResultsArm): Markup {
  if (theoryBias === null) return nothing;
  const { realised, expected, remainder } = theoryBias;
  return noteLine(`theory ${formatSigned(realised)} (${formatSigned(expected)}), remainder ${formatSigned(remainder)}`);
}

function pairCell(
  arm: ResultsArm | undefined,
  { reference, origin }: { readonly reference: string; readonly origin: string },
): Markup {
  const test = arm?.cells.volumeError.pairs.find((pair) => pair.reference === reference);
  const isOfVolumes = arm !== undefined && yieldsProbabilities(arm.loss) && yieldsProbabilities(reference);
  if (test === undefined || !isOfVolumes) return markup`<td>—</td>`;
  return markup`<td title="${origin}">${formatSigned(test.mean)}${bothTests(test)}</td>`;
}

/** The tests of a volume error against 0, a line each. */
function zeroTests(test: ZeroTest, margin: number): Markup {
  const { adjustedPValue } = test;
  const holm = adjustedPValue === null ? nothing : noteLine(`Holm: ${formatP(adjustedPValue)}`);
  return markup`${bothTests(test)}${holm}${noteLine(`within ±${percent(margin)} %: ${equivalenceText(test)}`)}`;
}

function bothTests(test: MeanTest): Markup {
  return markup`${noteLine(`incl. training: ${trainingText(test)}`)}${noteLine(`these networks: ${conditionalText(test)}`)}`;
}
