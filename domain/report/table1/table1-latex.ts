import { metricNames } from '../../evaluate/metrics.js';
import type { CellMark, Results, ResultsDataSet } from '../../results/results.js';
import type { PartialCounts } from '../report-input.js';
import { collapseNotes } from '../words/collapse-notes.js';
import { formatNumber } from '../words/format-number.js';
import { lossShort, modelLabel } from '../words/labels.js';
import { partialHeading, partialWords } from '../words/partial-words.js';
import { latexText } from './latex-text.js';
import { extraRows, legendOf, metricLabel } from './table1-labels.js';

const columnsBefore = 2;

/**
 * Table 1 as a LaTeX table, to be read by `\input`: with the package booktabs, and the paper's italic for
 * significant under- and bold for overestimation.
 */
export function table1Latex(results: Results, partial?: PartialCounts): string {
  const { models, losses, dataSets } = results;
  const spans = models.map((model) => `\\multicolumn{${losses.length}}{c}{${latexText(modelLabel(model))}}`);
  const rules = models.map((_, index) => {
    const first = columnsBefore + 1 + index * losses.length;
    return `\\cmidrule(lr){${first}-${first + losses.length - 1}}`;
  });
  const headings = models.flatMap(() => losses.map((loss) => latexText(lossShort(loss))));
  const legend = legendOf(results).map(latexText).join('; ');
  const notes = collapseNotes(results).map((note) => ` ${latexText(note)}`);
  return [
    '% Needs \\usepackage{booktabs}.',
    '\\begin{table}',
    '\\centering',
    `\\caption{${meansOf(partial)}; ${legend}.${notes.join('')}}`,
    '\\label{tab:volume-bias}',
    `\\begin{tabular}{ll${'r'.repeat(headings.length)}}`,
    '\\toprule',
    tableLine(['', '', ...spans]),
    rules.join(''),
    tableLine(['Data set', 'Metric', ...headings]),
    ...dataSets.flatMap((dataSet) => ['\\midrule', ...dataSetLines(dataSet)]),
    '\\bottomrule',
    '\\end{tabular}',
    '\\end{table}',
    '',
  ].join('\n');
}

function meansOf(partial: PartialCounts | undefined): string {
  if (partial === undefined) return 'Means over all cases of all folds';
  return latexText(`${partialHeading} ${partialWords(partial)} Means over the cases with results`);
}

function dataSetLines(dataSet: ResultsDataSet): string[] {
  const lines = metricNames.map((metric, row) => {
    const cells = dataSet.arms.map((arm) => {
      const { mean, mark } = arm.cells[metric];
      return mean === null ? latexText('—') : emphasised(latexText(formatNumber(mean)), mark);
    });
    return tableLine([row === 0 ? latexText(dataSet.name) : '', latexText(metricLabel(metric, dataSet)), ...cells]);
  });
  const others = extraRows(dataSet).map(({ label, cells }) => tableLine(['', ...[label, ...cells].map(latexText)]));
  return [...lines, ...others];
}

function emphasised(number: string, { bias, better, incomplete }: CellMark): string {
  const typed = bias === 'over' ? `\\textbf{${number}}` : bias === 'under' ? `\\textit{${number}}` : number;
  return `${typed}${better ? '$^{*}$' : ''}${incomplete ? latexText('†') : ''}`;
}

function tableLine(cells: readonly string[]): string {
  return `${cells.join(' & ')} \\\\`;
}
