import Table from 'cli-table3';

import { printable } from './printable.js';

const narrowest = 24;

/** A plain table. If the terminal is narrower than the table, its widest columns are wrapped between words. */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number | undefined = process.stdout.isTTY ? process.stdout.columns : undefined,
): string {
  const [top = [], ...others] = fitted([head, ...rows], columns ?? Infinity);
  const table = new Table({ head: top, style: { head: [], border: [] } });
  table.push(...others);
  return table.toString();
}

/** The cells with line breaks, so that the table is at most as wide as the terminal, if words are short enough. */
function fitted(cells: readonly (readonly string[])[], columns: number): string[][] {
  let table = cells.map((row) => [...row]);
  const done = new Set<number>();
  for (;;) {
    const widths = (cells[0] ?? []).map((_, index) => Math.max(...table.map((row) => longestLine(row[index] ?? ''))));
    // Beside its text, a column has two blanks and a line.
    const excess = widths.reduce((sum, width) => sum + width + 3, 1) - columns;
    const open = [...widths.keys()].filter((index) => !done.has(index));
    const widest = open.reduce(
      (best, index) => ((widths[index] ?? 0) > (widths[best] ?? 0) ? index : best),
      open[0] ?? 0,
    );
    if (excess <= 0 || open.length === 0) return table;
    const width = Math.max(narrowest, (widths[widest] ?? 0) - excess);
    table = table.map((row) => row.map((cell, index) => (index === widest ? wrapped(cell, width) : cell)));
    done.add(widest);
  }
}

/** Breaks lines between words, and paths and the like behind their separators; other long words stay whole. */
function wrapped(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => packed(line.split(/(?<= )/), width))
    .map((line) => line.trimEnd())
    .join('\n');
}

/** As many parts on each line as it holds. */
function packed(parts: readonly string[], width: number): string[] {
  const lines = [''];
  for (const part of parts) {
    const longer = `${lines.at(-1) ?? ''}${part}`;
    if ([...longer.trimEnd()].length <= width || longer === part) lines[lines.length - 1] = longer;
    else lines.push(part);
    const last = lines.at(-1) ?? '';
    const finer = last.split(/(?<=[/,;:])/);
    if ([...last.trimEnd()].length > width && finer.length > 1) lines.splice(-1, 1, ...packed(finer, width));
  }
  return lines;
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
