import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { repositoryRoot } from '../support/paths.js';
import { configReference } from './config-reference.js';

const page = readFileSync(join(repositoryRoot, 'docs', 'config.md'), 'utf8');

/** The cells of a key's row, by the heads of its table. */
function rowOf(key: string): Record<string, string> {
  const lines = page.split('\n');
  const at = lines.findIndex((line) => line.startsWith(`| \`${key}\` |`));
  assert.notEqual(at, -1, key);
  const cells = (line = ''): string[] => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, ''));
  const head = lines.slice(0, at).findLast((line) => line.startsWith('| key |'));
  return Object.fromEntries(cells(head).map((name, column) => [name, cells(lines[at])[column] ?? '']));
}

describe('docs/config.md', () => {
  it('is what the schema gives', () => {
    assert.equal(page, configReference(), 'run: node dist/test/docs/write-config-reference.js');
  });

  it('has the default, unit, example and the paper’s value of a key', () => {
    // By hand from configs/training-schema.ts and configs/brats2018.yaml.
    const { default: fallback, unit, example, 'the paper': paper } = rowOf('training.plateau.patienceEpochs');
    assert.deepEqual([fallback, unit, example, paper], ['`75`', 'epochs', '`75`', '`75` (paper)']);
    assert.equal(rowOf('dataSets.preprocessing.spacingMm').unit, 'mm');
    assert.equal(rowOf('network.upsampling')['the paper'], '`valid` (authors)');
    assert.equal(rowOf('split.stratify')['the paper'], '', 'ours');
    assert.equal(rowOf('name').default, 'required');
  });

  it('knows what is left to the data, and what names have whose keys are free', () => {
    const crop = rowOf('dataSets.preprocessing.crop');
    assert.deepEqual([crop.default, /or `auto`$/.test(crop.value ?? '')], ['`auto`', true]);
    assert.match(rowOf('dataSets.structures.NAME')['what it is'] ?? '', /lower-case letters, digits and hyphens/);
    assert.equal(rowOf('dataSets.structures.NAME.equals').value, 'number');
    assert.equal(rowOf('training.learningRate.unet').default, '`0.001`');
  });

  it('explains every key', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('| `'));
    assert.ok(rows.length > 80, `${rows.length} keys`);
    for (const row of rows)
      assert.ok((row.split(' | ')[1] ?? '').length > 0 || /\b(split|statistics)\b/.test(row), row);
  });
});
