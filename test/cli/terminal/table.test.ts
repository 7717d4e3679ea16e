import assert from 'node:assert/strict';
import test from 'node:test';

import { textTable } from '../../../cli/terminal/table.js';

const head = ['', 'case', 'what is wrong'];
const path = `/data/${'folder/'.repeat(20)}case-0001.nii.gz: there is no such file`;
const lines = (columns: number | undefined, text = path): string[] =>
  textTable(head, [['error', 'b', text]], columns).split('\n');
const lastCells = (found: readonly string[]): string[] =>
  found.slice(3, -1).map((line) => line.split('│')[3]?.trim() ?? '');

test('a table fits the terminal, and its widest cell is complete', () => {
  const found = lines(80);
  for (const line of found) assert.ok(line.length <= 80, line);
  assert.equal(lastCells(found).join('').replaceAll(' ', ''), path.replaceAll(' ', ''));
});

test('a table is wrapped between words, and in paths behind a separator', () => {
  const cells = lastCells(lines(60, `the first of ${'many '.repeat(12)}words`));
  assert.ok(cells.length > 1);
  for (const cell of cells) assert.match(cell, /^((the|first|of|many|words) ?)+$/);
  for (const cell of lastCells(lines(60))) assert.match(cell, /[/:]$|nii\.gz|file$/);
});

test('a word that is longer than the terminal stays whole', () => {
  const word = 'a'.repeat(100);
  assert.deepEqual(lastCells(lines(60, `say ${word} again`)), ['say', word, 'again']);
});

test('several columns are wrapped if one is not enough', () => {
  const text = 'ten letters '.repeat(6).trim();
  const found = textTable(['', '', ''], [[text, text, text]], 90).split('\n');
  for (const line of found) assert.ok(line.length <= 90, line);
});

test('numbers, times and errors stay whole, and the id of a sweep breaks only before its digits', () => {
  // 4 · 3 + 1 characters are beside the texts: 6 + 10 + 14 + 11 fit into the other 45, and 6 + 10 + 7 + 11 into 37.
  const cells = ['12:345', '2026-11-29 18:52', '0.24874 ± 4e-4', 'quickstart-0123456789'];
  for (const [width, error] of [
    [58, ['0.24874 ± 4e-4']],
    [50, ['0.24874', '± 4e-4']],
  ] as const) {
    const found = textTable(['a', 'b', 'c', 'd'], [cells], width).split('\n');
    for (const line of found) assert.ok(line.length <= width, line);
    const columns = found
      .slice(3, -1)
      .map((line) =>
        line
          .split('│')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      )
      .reduce((all, row) => all.map((cell, index) => [...cell, row[index] ?? '']), Array<string[]>(4).fill([]));
    assert.deepEqual(
      columns.map((lines) => lines.filter((line) => line !== '')),
      [['12:345'], ['2026-11-29', '18:52'], error, ['quickstart-', '0123456789']],
    );
  }
});

test('a table is not wrapped if it fits or if the output is not a terminal', () => {
  for (const columns of [undefined, 400]) {
    const found = lines(columns);
    assert.equal(found.length, 5);
    assert.ok(found[3]?.includes(path));
  }
});
