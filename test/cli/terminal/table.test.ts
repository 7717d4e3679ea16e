import assert from 'node:assert/strict';
import test from 'node:test';

import { textTable } from '../../../cli/terminal/table.js';

const head = ['', 'case', 'what is wrong'];
const path = `/data/${'a'.repeat(120)}.nii.gz: there is no such file`;
const lines = (columns: number | undefined): string[] => textTable(head, [['error', 'b', path]], columns).split('\n');

test('a table fits the terminal, and its widest cell is complete', () => {
  const found = lines(80);
  for (const line of found) assert.equal(line.length, 80);
  const last = found.slice(3, -1).map((line) => line.split('│')[3]?.slice(1, -1).trimEnd() ?? '');
  assert.equal(last.join('').replaceAll(' ', ''), path.replaceAll(' ', ''));
});

test('a table is not wrapped if it fits or if the output is not a terminal', () => {
  for (const columns of [undefined, 400]) {
    const found = lines(columns);
    assert.equal(found.length, 5);
    assert.ok(found[3]?.includes(path));
  }
});
