import { metricNames } from '../evaluate/metrics.js';
import { indexComparisons } from '../statistics/comparison-index.js';
import { collapseNotes } from './collapse-notes.js';
import { formatNumber } from './format-number.js';
import { lossShort, modelLabel } from './labels.js';
import { legendOf, markText, marksOf, metricLabel } from './table1-marks.js';
import type { MarkedTable1 } from './table1-text.js';
import { visibleText } from './visible-text.js';

/** Table 1 as a GitHub table, with the paper's italic (under) and bold (over) beside the marks. */
export function table1Markdown({ table, comparisons, significance, collapses = [] }: MarkedTable1): string {
  const index = indexComparisons(comparisons);
  const arms = table.models.flatMap((model) => table.losses.map((loss) => `${modelLabel(model)} ${lossShort(loss)}`));
  const lines = [tableLine(['Data set', 'Metric', ...arms]), tableLine(['---', '---', ...arms.map(() => '---:')])];
  for (const dataSet of table.dataSets) {
    metricNames.forEach((metric, row) => {
      const cells = dataSet.arms.map((arm) => {
        if (arm.means === null) return '—';
        const marks = marksOf({ table, dataSet, arm, metric, comparisons: index });
        const emphasis = marks.bias === 'over' ? '**' : marks.bias === 'under' ? '_' : '';
        return `${emphasis}${formatNumber(arm.means[metric])}${emphasis}${markText(marks).replace('*', '\\*')}`;
      });
      lines.push(tableLine([row === 0 ? escaped(dataSet.name) : '', metricLabel(metric, dataSet), ...cells]));
    });
  }
  const notes = collapseNotes({ table, collapses }).flatMap((note) => ['', escaped(note)]);
  return [...lines, '', legendOf(table, significance).join(' · ').replace('*', '\\*'), ...notes, ''].join('\n');
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function escaped(text: string): string {
  return visibleText(text).replace(/[\\|*_`<>&[\]]/g, (character) => `\\${character}`);
}
