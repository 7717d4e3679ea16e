import { metricNames } from '../evaluate/metrics.js';
import type { Comparison } from '../statistics/compare-losses.js';
import { indexComparisons } from '../statistics/comparison-index.js';
import { collapseHeading, collapseNotes, type CollapseContext } from './collapse-notes.js';
import { counted, formatNumber } from './format-number.js';
import { lossShort, modelLabel } from './labels.js';
import type { CollapsedTraining } from './report-input.js';
import type { Table1, Table1DataSet } from './table1.js';
import { legendOf, markText, marksOf, metricLabel } from './table1-marks.js';
import { visibleText } from './visible-text.js';

export interface MarkedTable1 {
  readonly table: Table1;
  readonly comparisons: readonly Comparison[];
  readonly significance: number;
  readonly collapses?: readonly CollapsedTraining[];
}

const numberWidth = 8;
const markWidth = 2;
const cellWidth = numberWidth + markWidth;

/** Table 1 for a terminal: aligned columns, data set × metric down, model × loss across, legend below. */
export function table1Text({ table, comparisons, significance, collapses = [] }: MarkedTable1): string {
  const index = indexComparisons(comparisons);
  const names = table.dataSets.map((dataSet) => visibleText(dataSet.name));
  const nameWidth =
    Math.max(10, ...names.map((name) => name.length), ...table.dataSets.map((d) => caseCount(d).length)) + 2;
  const metricWidth = 17;
  const lines = headerLines(table, nameWidth + metricWidth);
  const rule = '─'.repeat(nameWidth + metricWidth + table.models.length * table.losses.length * cellWidth);
  table.dataSets.forEach((dataSet, position) => {
    lines.push(rule);
    metricNames.forEach((metric, row) => {
      const name = row === 0 ? (names[position] ?? '') : row === 1 ? caseCount(dataSet) : '';
      const cells = dataSet.arms.map((arm) => {
        const marks = markText(marksOf({ table, dataSet, arm, metric, comparisons: index }));
        const number = arm.means === null ? '—' : formatNumber(arm.means[metric]);
        return number.padStart(numberWidth) + marks.padEnd(markWidth);
      });
      lines.push(
        (name.padEnd(nameWidth) + metricLabel(metric, dataSet).padEnd(metricWidth) + cells.join('')).trimEnd(),
      );
    });
  });
  return [...lines, rule, ...legendOf(table, significance), ...collapseLines({ table, collapses }), ''].join('\n');
}

function collapseLines(context: CollapseContext): string[] {
  const notes = collapseNotes(context);
  return notes.length === 0 ? [] : ['', `WARNING: ${collapseHeading(context)}`, ...notes.map((note) => `  ${note}`)];
}

function headerLines(table: Table1, indent: number): string[] {
  const modelWidth = cellWidth * table.losses.length;
  const modelLine = table.models.map((model) => {
    const label = modelLabel(model);
    // Centred over the numbers, which stand `markWidth` left of their cell's end.
    const left = Math.max(0, Math.floor((modelWidth - markWidth + numberWidth / 2 - label.length) / 2));
    return (' '.repeat(left) + label).padEnd(modelWidth);
  });
  const lossLine = table.models.flatMap(() =>
    table.losses.map((loss) => lossShort(loss).padStart(numberWidth).padEnd(cellWidth)),
  );
  return [modelLine, lossLine].map((cells) => (' '.repeat(indent) + cells.join('')).trimEnd());
}

/** The number of cases behind the fullest arm. */
function caseCount(dataSet: Table1DataSet): string {
  return counted(Math.max(0, ...dataSet.arms.map((arm) => arm.cases)), 'case');
}
