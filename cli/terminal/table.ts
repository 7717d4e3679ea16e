import Table from 'cli-table3';

import { printable } from './printable.js';

const narrowest = 24;

/** A plain table. If the terminal is narrower than the table, the widest column is wrapped. */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number | undefined = process.stdout.isTTY ? process.stdout.columns : undefined,
): string {
  const widths = head.map((_, index) => 2 + Math.max(...[head, ...rows].map((row) => longestLine(row[index] ?? ''))));
  const excess = columns === undefined ? 0 : widths.reduce((sum, width) => sum + width + 1, 1) - columns;
  const widest = Math.max(...widths);
  const at = widths.indexOf(widest);
  const wrapped = widths.map((width, index) => (index === at ? Math.max(widest - excess, narrowest) : width));
  const table = new Table({
    head: [...head],
    style: { head: [], border: [] },
    // Paths contain no blanks to break at.
    ...(excess > 0 && widest > narrowest && { colWidths: wrapped, wordWrap: true, wrapOnWordBoundary: false }),
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

function longestLine(text: string): number {
  return Math.max(...text.split('\n').map((line) => [...line].length));
}

export function print(text: string): void {
  process.stdout.write(`${printable(text)}\n`);
}

/** Tells a user something that is no result, on standard error. */
export function warn(text: string): void {
  process.stderr.write(`${printable(text)}\n`);
}

export function printJson(value: unknown): void {
  // JSON.stringify leaves some control characters as they are, and what `print` makes of those is not JSON.
  const json = JSON.stringify(value, null, 2);
  print(json.replace(/[\x7f-\x9f]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`));
}
