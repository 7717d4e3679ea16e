import { inlineSvg } from '../../figures/figure.js';
import { markup, nothing, type Markup } from '../../markup/markup.js';
import type { Results, ResultsArm, ResultsDataSet } from '../../results/results.js';
import type { EstimateWithInterval } from '../../statistics/agreement.js';
import { agreementFigure } from '../figures/agreement-figure.js';
import { agreementMeanings } from '../figures/agreement-meanings.js';
import { formatBrief, formatInterval, formatNumber, formatSigned, percent } from '../words/format-number.js';
import { gridLabel, lossShort, modelLabel, testLabels } from '../words/labels.js';
import { seenWords } from '../words/seen-words.js';
import type { TraceWords } from '../words/trace-words.js';
import { dataSetHeading } from './data-set-heading.js';
import { noteLine } from './note-line.js';
import { legendList, unitsOf } from './sections.js';
import { scrollArea } from './scroll-area.js';

/** Bland and Altman's figure and its numbers, and volume errors by the size of the structure. */
export function agreementSection(results: Results, trace: TraceWords): Markup {
  const { dataSets, grid, confidence, repeats, rules } = results;
  const level = `${percent(confidence)} %`;
  return markup`<section><h2>Agreement of volumes</h2>${legendList(agreementMeanings(results))}
<figure><div ${scrollArea('Figure 3')}>${inlineSvg(agreementFigure(results))}</div>
<figcaption>Figure 3. Bland–Altman: predicted − true volume of each case against the mean of both (${unitsOf(dataSets)}), on the ${gridLabel(grid)}.${repeats > 1 ? ' Dots are means over the repeats.' : ''} Dashed: the mean; dotted: the limits of agreement, mean ± 1.96 standard deviations; solid: the proportional bias. At the right edge: ${level} confidence intervals, for each loss that of the mean by the test ${testLabels[rules.decides]}, as in Figure 1, and beside it, dotted, those of the limits. The latter and that of the slope in Table 4 are ${testLabels.conditional}. Each panel has its own scales.</figcaption></figure>
${agreementTable(results, trace)}
${tercileTable(results, trace)}
${thresholdTable(results, trace)}</section>`;
}

function agreementTable({ dataSets, grid, confidence }: Results, trace: TraceWords): Markup {
  const bodies = bodiesOf(dataSets, trace, ({ agreement }) => {
    if (agreement === null) return new Array<Markup>(4).fill(missing);
    const { standardDeviation, lowerLimit, upperLimit, slope } = agreement;
    const cells = [lowerLimit, upperLimit, slope].map(estimateCell);
    return [markup`${formatBrief(standardDeviation)}`, ...cells];
  });
  return markup`<div ${scrollArea('Table 4')}><table>
<caption>Table 4. Agreement of single volumes (${unitsOf(dataSets)}) on the ${gridLabel(grid)}: the standard deviation of predicted − true, the limits of agreement, and the proportional bias, which is the slope of the difference on the mean of both volumes: above 0 where predictions vary more than the truth, below where less. ${percent(confidence)} % confidence intervals conditional on these trained networks, with participants as clusters.</caption>
<thead><tr><th class="text" scope="col">Data set</th><th class="text" scope="col">Arm</th><th scope="col">Standard deviation</th><th scope="col">Lower limit</th><th scope="col">Upper limit</th><th scope="col">Proportional bias</th></tr></thead>
${bodies}</table></div>`;
}

const missing = markup`—`;

function estimateCell(estimate: EstimateWithInterval | null): Markup {
  if (estimate === null) return missing;
  const { value, interval } = estimate;
  if (interval === null) return markup`${formatSigned(value)}`;
  return markup`${formatSigned(value)}${noteLine(formatInterval(interval))}`;
}

function tercileTable(results: Results, trace: TraceWords): Markup {
  const { dataSets, grid } = results;
  const bodies = bodiesOf(dataSets, trace, ({ terciles }, dataSet) =>
    terciles.map(({ cases, meanVolumeError }, index) => {
      if (meanVolumeError === null) return missing;
      const { lowest, highest } = dataSet.terciles[index] ?? {};
      const range = lowest == null || highest == null ? '' : `${formatNumber(lowest)} to ${formatNumber(highest)}, `;
      return markup`${formatSigned(meanVolumeError)}${noteLine(`${range}n = ${cases}`)}`;
    }),
  );
  return markup`<div ${scrollArea('Table 5')}><table>
<caption>Table 5. Mean ΔV by tercile of true volume (${unitsOf(dataSets)}) on the ${gridLabel(grid)}, with the range of true volumes and the number n of the arm’s cases. The terciles are those of all measured cases of the data set.${areTied(dataSets) ? tiesWords : ''}${seenWords(results)}</caption>
<thead><tr><th class="text" scope="col">Data set</th><th class="text" scope="col">Arm</th><th scope="col">Small</th><th scope="col">Medium</th><th scope="col">Large</th></tr></thead>
${bodies}</table></div>`;
}

const tiesWords = ' Cases of equal volume on both sides of a boundary are divided by the order of their ids.';

/** Whether a tercile begins with the volume that the one before ends with. */
function areTied(dataSets: readonly ResultsDataSet[]): boolean {
  return dataSets.some(({ terciles }) =>
    terciles.some(({ lowest }, index) => lowest !== null && lowest === terciles[index - 1]?.highest),
  );
}

/** Empty unless the config names thresholds and a data set has volumes in ml. */
function thresholdTable({ dataSets, grid }: Results, trace: TraceWords): Markup {
  const inMl = dataSets.filter(({ arms }) => arms.some(({ crossings }) => crossings.length > 0));
  const thresholds = inMl[0]?.arms[0]?.crossings ?? [];
  if (thresholds.length === 0) return nothing;
  const headings = thresholds.map(({ thresholdMl }) => markup`<th scope="col">${thresholdMl} ml</th>`);
  const bodies = bodiesOf(inMl, trace, ({ cases, crossings }) =>
    crossings.map(({ raised, lowered, truthAbove }) =>
      cases === 0
        ? missing
        : markup`<span class="part">${raised} ↑ ${lowered} ↓</span>${noteLine(`${truthAbove} of ${cases} truly above`)}`,
    ),
  );
  return markup`<div ${scrollArea('Table 6')}><table>
<caption>Table 6. Cases on the wrong side of a threshold because of their volume error, on the ${gridLabel(grid)}. ↑: the predicted volume is above the threshold, the true one is not; ↓: the true volume is above, the predicted one is not. True volumes leave out what no network could predict, as in ΔV.</caption>
<thead><tr><th class="text" scope="col">Data set</th><th class="text" scope="col">Arm</th>${headings}</tr></thead>
${bodies}</table></div>`;
}

/** A row for each arm, with the contents of cells that `cellsOf` makes. */
function bodiesOf(
  dataSets: readonly ResultsDataSet[],
  trace: TraceWords,
  cellsOf: (arm: ResultsArm, dataSet: ResultsDataSet) => readonly Markup[],
): Markup[] {
  return dataSets.map((dataSet) => {
    const rows = dataSet.arms.map((arm, position) => {
      const name = position === 0 ? [dataSetHeading(dataSet, dataSet.arms.length)] : [];
      const origin = trace.ofMean({ dataSet: dataSet.name, ...arm }, 'volumeError');
      const label = `${modelLabel(arm.model)} ${lossShort(arm.loss)}`;
      const cells = cellsOf(arm, dataSet).map((content) => markup`<td title="${origin}">${content}</td>`);
      return markup`<tr>${name}<th class="text" scope="row">${label}</th>${cells}</tr>`;
    });
    return markup`<tbody>${rows}</tbody>
`;
  });
}
