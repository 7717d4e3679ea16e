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
const metricWidth = 17;
/** A wider table goes on below: lines that a terminal breaks are no table. */
const mostCharacters = 100;

/** A part of the columns, which are models × losses. */
interface Block {
  readonly first: number;
  readonly arms: readonly { readonly model: Results['models'][number]; readonly loss: string }[];
}

/**
 * Table 1 for a terminal: aligned columns, rows of data set × metric, columns of model × loss, legend below. What is wider
 * than `mostCharacters` is divided between models, or between losses where those of one model are too many.
 */
export function table1Text(results: Results): string {
  const { losses, dataSets } = results;
  const names = dataSets.map((dataSet) => visibleText(dataSet.name));
  const nameWidth = Math.max(10, ...[...names, ...dataSets.map(caseCount)].map((text) => text.length)) + 2;
  const numberWidth = Math.max(leastNumberWidth, ...losses.map((loss) => lossShort(loss).length));
  const cellWidth = numberWidth + markWidth;
  const indent = nameWidth + metricWidth;
  const blocks = blocksOf(results, Math.max(1, Math.floor((mostCharacters - indent) / cellWidth)));
  const ruleOf = ({ arms }: Block): string => '─'.repeat(indent + arms.length * cellWidth);

  const linesOf = (block: Block): string[] => {
    const own = <T>(cells: readonly T[]): readonly T[] => cells.slice(block.first, block.first + block.arms.length);
    const lines = headerLines(block, { indent, numberWidth });
    dataSets.forEach((dataSet, position) => {
      lines.push(ruleOf(block));
      metricNames.forEach((metric, row) => {
        const name = row === 0 ? (names[position] ?? '') : row === 1 ? caseCount(dataSet) : '';
        const cells = own(dataSet.arms).map((arm) => {
          const { mean, mark } = arm.cells[metric];
          const number = mean === null ? '—' : formatNumber(mean);
          return number.padStart(numberWidth) + markText(mark).padEnd(markWidth);
        });
        lines.push(
          (name.padEnd(nameWidth) + metricLabel(metric, dataSet).padEnd(metricWidth) + cells.join('')).trimEnd(),
        );
      });
      for (const { label, cells } of extraRows(dataSet)) {
        const padded = own(cells).map((cell) => {
          const [number = '', mark] = cell.split(' ⚠');
          return number.padStart(numberWidth) + (mark === undefined ? '' : '⚠').padEnd(markWidth);
        });
        lines.push((' '.repeat(nameWidth) + label.padEnd(metricWidth) + padded.join('')).trimEnd());
      }
    });
    return [...lines, ruleOf(block)];
  };
  const table = blocks.flatMap((block, index) => [...(index === 0 ? [] : ['']), ...linesOf(block)]);
  return [...collapseLines(results), ...table, ...legendOf(results), ...testLines(results), ''].join('\n');
}

function blocksOf({ models, losses }: Results, columns: number): Block[] {
  const arms = models.flatMap((model) => losses.map((loss) => ({ model, loss })));
  const size = losses.length > columns ? columns : Math.floor(columns / Math.max(1, losses.length)) * losses.length;
  const ofOne = losses.length > columns ? losses.length : arms.length;
  const blocks: Block[] = [];
  for (let model = 0; model < arms.length; model += ofOne) {
    for (let first = model; first < model + ofOne; first += size) {
      blocks.push({ first, arms: arms.slice(first, Math.min(first + size, model + ofOne)) });
    }
  }
  return blocks;
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
  { arms }: Block,
  { indent, numberWidth }: { readonly indent: number; readonly numberWidth: number },
): string[] {
  const cellWidth = numberWidth + markWidth;
  const modelLine = [...new Set(arms.map(({ model }) => model))].map((model) => {
    const label = modelLabel(model);
    const width = cellWidth * arms.filter((arm) => arm.model === model).length;
    // Centred over the numbers, which end `markWidth` before the end of their cell.
    const left = Math.max(0, Math.floor((width - markWidth + numberWidth / 2 - label.length) / 2));
    return (' '.repeat(left) + label).padEnd(width);
  });
  const lossLine = arms.map(({ loss }) => lossShort(loss).padStart(numberWidth).padEnd(cellWidth));
  return [modelLine, lossLine].map((cells) => (' '.repeat(indent) + cells.join('')).trimEnd());
}

function caseCount({ measuredCases }: ResultsDataSet): string {
  return counted(measuredCases, 'case');
}
