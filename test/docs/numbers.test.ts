import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';

import { metricNames, metrics } from '../../domain/evaluate/metrics.js';
import { reportFiles } from '../../domain/report/report-files.js';
import { resultsOf } from '../../domain/results/results-of.js';
import type { ResultsInput } from '../../domain/results/results-input.js';
import {
  syntheticReportInput,
  syntheticResultsInput,
  syntheticRows,
  syntheticTheory,
} from '../domain/report/synthetic-report-input.js';
import { repositoryRoot } from '../support/paths.js';

const path = join(repositoryRoot, 'docs', 'numbers.md');
const page = readFileSync(path, 'utf8');

/** Results with every optional part present. */
function fullResults(): ResultsInput {
  const rows = syntheticRows()
    .filter(({ model, loss, fold }) => !(model === 'unet' && loss === 'sd' && fold === 4))
    .map((row) => ({ ...row, participant: `p${Number(row.caseId.slice(-3)) % 11}` }))
    .flatMap((row) => [row, { ...row, repeat: 1 }]);
  const input = syntheticResultsInput(rows, { theory: syntheticTheory });
  const spoilt = { unpredictable: { fieldOfView: 0, crop: 0.5, margin: 0, mask: 0 }, nonFiniteVoxels: 1 };
  const dataSets = input.dataSets.map((dataSet, position) => ({
    ...dataSet,
    ...(position === 0 && { paperDataSet: 'MOLARS' as const }),
    excluded: [{ caseId: 'x', reason: 'empty' }],
    quality: dataSet.quality.map((row, index) =>
      index === 0
        ? { ...row, ...spoilt }
        : index === 1
          ? { ...row, volumeAfter: 0 }
          : index === 2
            ? { ...row, volumeBefore: 0 }
            : row,
    ),
  }));
  const collapse = { dataSet: 'phantom-2d-low', model: 'lr', loss: 'sd', fold: 0, kept: true, sinceEpoch: 2 };
  return { ...input, repeats: 2, thresholdsMl: [14], dataSets, collapses: [collapse] };
}

const input = fullResults();
const files = reportFiles(syntheticReportInput(input));

/** The lines from a heading that contains the text to the next heading. */
function section(heading: string): string[] {
  const lines = page.split('\n');
  const start = lines.findIndex((line) => line.startsWith('#') && line.includes(heading));
  assert.ok(start >= 0, `no heading with ${heading}`);
  const end = lines.findIndex((line, index) => index > start && line.startsWith('#'));
  return lines.slice(start + 1, end < 0 ? undefined : end);
}

/** The cells of a section's table, row by row, without its heading. */
function rowsOf(heading: string): string[][] {
  const rows = section(heading)
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  return rows.slice(2);
}

const quoted = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

/** What the first cells of a section's table name. */
const namesIn = (heading: string): string[] => rowsOf(heading).flatMap(([first]) => quoted(first));

const headerOf = (file: string): string[] => (files[file] ?? '').split('\n')[0]?.split(',') ?? [];

/** What resultsOf was given and gives on as it came. */
const given = new Set([
  ...['models', 'losses', 'repeats', 'rules', 'equivalenceMargin', 'source', 'dataSets[].verdict.arms'],
  ...Object.keys(input.dataSets[0] ?? {})
    .filter((key) => key !== 'cases' && key !== 'participants')
    .map((key) => `dataSets[].${key}`),
]);

/** Paths of all leaves that are not given, such as `a.b` and `list[].c`, with `*` for a metric. */
function* leavesOf(value: unknown, at = ''): Generator<string> {
  if (given.has(at)) return;
  const items = Array.isArray(value) && typeof value[0] === 'object' ? value : undefined;
  if (items !== undefined) {
    for (const item of items) yield* leavesOf(item, `${at}[]`);
  } else if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    yield Array.isArray(value) ? `${at}[]` : at;
  } else {
    for (const [key, item] of Object.entries(value)) {
      const step = at.endsWith('.cells') ? '*' : key;
      yield* leavesOf(item, at === '' ? step : `${at}.${step}`);
    }
  }
}

describe('docs/numbers.md', () => {
  it('has the columns of each CSV file, in their order', () => {
    for (const file of ['cases.csv', 'training.csv', 'quality.csv', 'table1.csv', 'significance.csv']) {
      assert.deepEqual(namesIn(`\`${file}\``), headerOf(file), file);
    }
  });

  it('has the keys of table1.json', () => {
    const json = JSON.parse(files['table1.json'] ?? '') as object;
    assert.deepEqual(namesIn('`table1.json`').sort(), Object.keys(json));
  });

  it('has the rows of Table 1 with label and metric, in their order', () => {
    assert.deepEqual(
      rowsOf('Table 1').map(([label, metric]) => [label, ...quoted(metric)]),
      metricNames.map((name) => [metrics[name].label, name]),
    );
    for (const [, , values, , better, computedBy] of rowsOf('Table 1')) {
      assert.ok(quoted(values).every((column) => headerOf('cases.csv').includes(column)));
      assert.match(better ?? '', /^(lower|higher|nearer to 0)$/);
      assert.match(computedBy ?? '', /`metrics`/);
    }
  });

  it('has every field of Results that resultsOf computes, and no other', () => {
    const parts = ['results', 'dataSets[]', 'dataSets[].arms[]', 'dataSets[].arms[].cells.*'];
    const claimed = parts.flatMap((part) =>
      namesIn(`(\`${part}\`)`).map((field) => (part === 'results' ? field : `${part}.${field}`)),
    );
    // What is null here and an object there counts as the object.
    const leaves = [...new Set(leavesOf(resultsOf(input)))];
    const computed = leaves.filter(
      (leaf) => !leaves.some((other) => /^[.[]/.test(other.slice(leaf.length)) && other.startsWith(leaf)),
    );
    assert.deepEqual(claimed.sort(), computed.sort());
  });

  it('leads from each row to the function that computes it', () => {
    const rows = page
      .split('\n')
      .filter((line) => line.startsWith('| ') && !/^\| (column|row|key|field) \|/.test(line));
    assert.ok(rows.length > 50);
    for (const row of rows) assert.match(row, /\[`\w+`\]\([^)]+\.ts\)[^|]*\|$/, row);
    for (const [, name = '', target = ''] of page.matchAll(/\[`?([^\]`]+)`?\]\(([^)]+\.ts)\)/g)) {
      const source = readFileSync(join(dirname(path), target), 'utf8');
      assert.match(source, new RegExp(`(function|const|class|interface) ${name}\\b`), `${name} in ${target}`);
    }
  });

  it('is found from README, near what explains how it works', () => {
    const readme = readFileSync(join(repositoryRoot, 'README.md'), 'utf8');
    const [, explanation = ''] = readme.split('## How it works');
    assert.match(explanation.split('\n## ')[0] ?? '', /\]\(docs\/numbers\.md\)/);
  });
});
