import Table from 'cli-table3';

import { printable } from './printable.js';

/** No column becomes narrower, so that numbers and times stay whole. */
const narrowest = 8;

/** A plain table. If the terminal is narrower than the table, its widest columns are wrapped between words, all to one width. */
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
  const indices = [...(cells[0] ?? []).keys()];
  const widthsAt = (most: number): number[] =>
    indices.map((index) => Math.max(...cells.map((row) => longestLine(wrapped(row[index] ?? '', most)))));
  // Beside its text, a column has two blanks and a line.
  const total = (most: number): number => widthsAt(most).reduce((sum, width) => sum + width + 3, 1);
  if (total(Infinity) <= columns) return cells.map((row) => [...row]);
  // No wider than what is possible where words are too long.
  const limit = Math.max(columns, total(narrowest));
  let most = Math.max(...widthsAt(Infinity));
  while (total(most) > limit) most--;
  return cells.map((row) => row.map((cell) => wrapped(cell, most)));
}

/** Between words, but not between ± and what follows it. */
const betweenWords = /(?<=[^±] )/;
/** In long words: behind the separators of paths and settings, and before the digits that end the id of a sweep. */
const insideWords = /(?<=[/,;:])(?!\d)|(?<=\.)(?=[a-zA-Z])|(?<=-)(?=[0-9a-f]{10}$)/;

/** Breaks lines between words, and long words where `insideWords` says; other long words stay whole. */
function wrapped(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => packed(line.split(betweenWords), width))
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
    const finer = last.trimEnd().split(insideWords);
    if ([...last.trimEnd()].length > width && finer.length > 1) {
      const blanks = last.slice(last.trimEnd().length);
      lines.splice(-1, 1, ...packed([...finer.slice(0, -1), `${finer.at(-1) ?? ''}${blanks}`], width));
    }
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
