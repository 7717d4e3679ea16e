import { metricNames } from '../../evaluate/metrics.js';
import type { Results, ResultsDataSet } from '../../results/results.js';
import { collapseHeading, collapseNotes } from '../words/collapse-notes.js';
import { counted, formatNumber } from '../words/format-number.js';
import { lossShort, modelLabel } from '../words/labels.js';
import { visibleText } from '../../markup/visible-text.js';
import { extraRows, legendOf, markText, metricLabel } from './table1-labels.js';
import { zeroTestRows } from './zero-tests.js';

const leastNumberWidth = 8;
const markWidth = 2;

/** Table 1 for a terminal: aligned columns, rows of data set × metric, columns of model × loss, legend below. */
export function table1Text(results: Results): string {
  const { models, losses, dataSets } = results;
  const names = dataSets.map((dataSet) => visibleText(dataSet.name));
  const nameWidth = Math.max(10, ...[...names, ...dataSets.map(caseCount)].map((text) => text.length)) + 2;
  const metricWidth = 17;
  const numberWidth = Math.max(leastNumberWidth, ...losses.map((loss) => lossShort(loss).length));
  const cellWidth = numberWidth + markWidth;
  const lines = headerLines(results, { indent: nameWidth + metricWidth, numberWidth });
  const rule = '─'.repeat(nameWidth + metricWidth + models.length * losses.length * cellWidth);
  dataSets.forEach((dataSet, position) => {
    lines.push(rule);
    metricNames.forEach((metric, row) => {
      const name = row === 0 ? (names[position] ?? '') : row === 1 ? caseCount(dataSet) : '';
      const cells = dataSet.arms.map((arm) => {
        const { mean, mark } = arm.cells[metric];
        const number = mean === null ? '—' : formatNumber(mean);
        return number.padStart(numberWidth) + markText(mark).padEnd(markWidth);
      });
      lines.push(
        (name.padEnd(nameWidth) + metricLabel(metric, dataSet).padEnd(metricWidth) + cells.join('')).trimEnd(),
      );
    });
    for (const { label, cells } of extraRows(dataSet)) {
      const padded = cells.map((cell) => {
        const [number = '', mark] = cell.split(' ⚠');
        return number.padStart(numberWidth) + (mark === undefined ? '' : '⚠').padEnd(markWidth);
      });
      lines.push((' '.repeat(nameWidth) + label.padEnd(metricWidth) + padded.join('')).trimEnd());
    }
  });
  return [...collapseLines(results), ...lines, rule, ...legendOf(results), ...testLines(results), ''].join('\n');
}

/** The tests of ΔV in columns as wide as their texts. */
function testLines(results: Results): string[] {
  const rows = zeroTestRows(results).map((row) => row.map(visibleText));
  if (rows.length < 2) return [];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return [
    '',
    ...rows.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
  ];
}

function collapseLines(results: Results): string[] {
  const notes = collapseNotes(results);
  return notes.length === 0 ? [] : [`WARNING: ${collapseHeading(results)}`, ...notes.map((note) => `  ${note}`), ''];
}

function headerLines(
  { models, losses }: Results,
  { indent, numberWidth }: { readonly indent: number; readonly numberWidth: number },
): string[] {
  const cellWidth = numberWidth + markWidth;
  const modelWidth = cellWidth * losses.length;
  const modelLine = models.map((model) => {
    const label = modelLabel(model);
    // Centred over the numbers, which end `markWidth` before the end of their cell.
    const left = Math.max(0, Math.floor((modelWidth - markWidth + numberWidth / 2 - label.length) / 2));
    return (' '.repeat(left) + label).padEnd(modelWidth);
  });
  const lossLine = models.flatMap(() => losses.map((loss) => lossShort(loss).padStart(numberWidth).padEnd(cellWidth)));
  return [modelLine, lossLine].map((cells) => (' '.repeat(indent) + cells.join('')).trimEnd());
}

function caseCount({ measuredCases }: ResultsDataSet): string {
  return counted(measuredCases, 'case');
}
