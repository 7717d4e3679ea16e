import { metricNames } from '../../evaluate/metrics.js';
import type { Results } from '../../results/results.js';
import type { PartialCounts } from '../report-input.js';
import { collapseNotes } from '../words/collapse-notes.js';
import { formatNumber } from '../words/format-number.js';
import { lossShort, modelLabel } from '../words/labels.js';
import { partialHeading, partialWords } from '../words/partial-words.js';
import { visibleText } from '../../markup/visible-text.js';
import { extraRows, legendOf, markText, metricLabel } from './table1-labels.js';
import { zeroTestRows } from './zero-tests.js';

/** Table 1 as GitHub-flavoured Markdown, with the paper's italic (under) and bold (over) in addition to the marks. */
export function table1Markdown(results: Results, partial?: PartialCounts): string {
  const { models, losses, dataSets } = results;
  const arms = models.flatMap((model) => losses.map((loss) => `${modelLabel(model)} ${lossShort(loss)}`));
  const lines = [tableLine(['Data set', 'Metric', ...arms]), tableLine(['---', '---', ...arms.map(() => '---:')])];
  for (const dataSet of dataSets) {
    metricNames.forEach((metric, row) => {
      const cells = dataSet.arms.map((arm) => {
        const { mean, mark } = arm.cells[metric];
        if (mean === null) return '—';
        const emphasis = mark.bias === 'over' ? '**' : mark.bias === 'under' ? '_' : '';
        return `${emphasis}${formatNumber(mean)}${emphasis}${markText(mark).replace('*', '\\*')}`;
      });
      lines.push(tableLine([row === 0 ? escaped(dataSet.name) : '', metricLabel(metric, dataSet), ...cells]));
    });
    for (const { label, cells } of extraRows(dataSet)) lines.push(tableLine(['', label, ...cells]));
  }
  const notes = collapseNotes(results).flatMap((note) => [escaped(note), '']);
  const legend = legendOf(results).join(' · ').replace('*', '\\*');
  const warning = partial === undefined ? [] : [`**${partialHeading}** ${partialWords(partial)}`, ''];
  return [...warning, ...notes, ...lines, '', legend, ...testLines(results), ''].join('\n');
}

function testLines(results: Results): string[] {
  const [heading = [], ...rows] = zeroTestRows(results);
  if (rows.length === 0) return [];
  const body = rows.map((row) => tableLine(row.map(escaped)));
  return ['', tableLine(heading), tableLine(heading.map(() => '---')), ...body];
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function escaped(text: string): string {
  return visibleText(text).replace(/[\\|*_`<>&[\]]/g, (character) => `\\${character}`);
}
