/**
 * Runs test/smoke.yaml end to end: the quickstart's pipeline at reduced size, with a real Temporal server and real
 * TensorFlow. Checks that the resulting numbers are consistent, and that a second run computes nothing and leaves the
 * same bytes. Part of continuous integration; needs the build (npm run setup).
 *
 *   node scripts/smoke.mjs
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The contents of test/smoke.yaml. */
const dataSets = ['flat', 'solid'];
const arms = ['lr', 'convnet', 'unet'].flatMap((model) => ['ce', 'sd'].map((loss) => ({ model, loss })));
const casesOfEach = 8;
const folds = ['0', '1'];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'volbias-smoke-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

function run() {
  const command = [join(root, 'dist', 'cli', 'main.js'), 'run', join(root, 'test', 'smoke.yaml'), '--data-dir', folder];
  const { status, stdout } = spawnSync(process.execPath, command, {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  process.stdout.write(stdout);
  assert.equal(status, 0, 'volbias run failed');
  return stdout;
}

/** The report's files by name. */
function reportFiles() {
  const [sweep] = readdirSync(join(folder, 'sweeps'));
  const report = join(folder, 'sweeps', sweep, 'report');
  const names = readdirSync(report, { recursive: true }).filter((name) => !statSync(join(report, name)).isDirectory());
  return new Map(names.map((name) => [name, readFileSync(join(report, name))]));
}

/** Rows of cases.csv as objects. In this run no field needs quotes. */
function parseRows(text) {
  const [head, ...lines] = text.trimEnd().split('\n');
  assert.ok(!text.includes('"'), 'cases.csv contains quotes');
  return lines.map((line) => {
    const fields = line.split(',');
    return Object.fromEntries(head.split(',').map((name, column) => [name, fields[column]]));
  });
}

function assertNear(found, expected, what) {
  const tolerance = 1e-12 * Math.max(1, Math.abs(expected));
  assert.ok(Math.abs(found - expected) <= tolerance, `${what} is ${found}, expected ${expected}`);
}

const mean = (rows, value) => rows.reduce((sum, row) => sum + value(row), 0) / rows.length;

/** Each metric of Table 1, from the columns of cases.csv. */
const measures = {
  crossEntropy: (row) => Number(row.crossEntropy),
  softDiceScore: (row) => Number(row.softDiceScore),
  dice: (row) => Number(row.dice),
  volumeError: (row) => Number(row.predictedVolume) - visibleVolume(row),
  volumeErrorThresholded: (row) => Number(row.predictedVolumeThresholded) - visibleVolume(row),
};

/** The true volume without what the crop cuts off, where no network can predict. */
const visibleVolume = ({ truthVolume, unpredictableVolume }) => Number(truthVolume) - Number(unpredictableVolume);

function checkRow(row) {
  const what = `${row.dataSet} ${row.model} ${row.loss} ${row.caseId}`;
  assert.ok(folds.includes(row.fold), `${what}: fold ${row.fold}`);
  assert.equal(row.unit, row.dataSet === 'flat' ? 'hundredPixels' : 'ml', what);
  for (const name of [
    'crossEntropy',
    'truthVolume',
    'unpredictableVolume',
    'predictedVolume',
    'predictedVolumeThresholded',
  ]) {
    assert.ok(
      row[name] !== '' && Number(row[name]) >= 0 && Number(row[name]) < Infinity,
      `${what}: ${name} ${row[name]}`,
    );
  }
  for (const name of ['softDiceScore', 'dice']) {
    assert.ok(row[name] !== '' && Number(row[name]) >= 0 && Number(row[name]) <= 1, `${what}: ${name} ${row[name]}`);
  }
  assertNear(Number(row.volumeError), measures.volumeError(row), `${what}: ΔV`);
}

/** All arms evaluate the same cases, each once, in the same folds and with the same ground truth. */
function checkArms(rows) {
  assert.equal(rows.length, dataSets.length * arms.length * casesOfEach, 'rows of cases.csv');
  for (const dataSet of dataSets) {
    const truths = arms.map(({ model, loss }) =>
      rowsOf(rows, { dataSet, model, loss })
        .map(({ caseId, fold, truthVolume }) => `${caseId} in fold ${fold}: ${truthVolume}`)
        .sort(),
    );
    assert.equal(new Set(rowsOf(rows, { dataSet, ...arms[0] }).map(({ caseId }) => caseId)).size, casesOfEach, dataSet);
    for (const truth of truths) assert.deepEqual(truth, truths[0], dataSet);
    assert.deepEqual([...new Set(rows.map(({ fold }) => fold))].sort(), folds);
  }
}

function rowsOf(rows, wanted) {
  return rows.filter((row) => Object.entries(wanted).every(([name, value]) => row[name] === value));
}

/** Table 1 and the tests contain the means of cases.csv. */
function checkTable({ table, comparisons }, rows) {
  assert.deepEqual(
    table.dataSets.map(({ name }) => name),
    dataSets,
  );
  for (const { name: dataSet, arms: columns } of table.dataSets) {
    assert.deepEqual(
      columns.map(({ model, loss }) => ({ model, loss })),
      arms,
    );
    for (const { model, loss, cases, means, meanTruthVolume, missingFolds } of columns) {
      const own = rowsOf(rows, { dataSet, model, loss });
      const what = `${dataSet} ${model} ${loss}`;
      assert.deepEqual([cases, missingFolds], [casesOfEach, []], what);
      assert.deepEqual(Object.keys(means).sort(), Object.keys(measures).sort());
      for (const [name, measure] of Object.entries(measures))
        assertNear(means[name], mean(own, measure), `${what} ${name}`);
      assertNear(
        meanTruthVolume,
        mean(own, (row) => Number(row.truthVolume)),
        `${what} true volume`,
      );
    }
  }
  const againstZero = comparisons.filter(({ kind }) => kind === 'againstZero');
  assert.equal(againstZero.length, 2 * dataSets.length * arms.length, 'tests of ΔV and of ΔV hard against 0');
  for (const { dataSet, model, loss, metric, mean: tested, ...tests } of againstZero) {
    const what = `${dataSet} ${model} ${loss} ${metric} against 0`;
    assertNear(tested, mean(rowsOf(rows, { dataSet, model, loss }), measures[metric]), what);
    for (const name of ['conditional', 'includingTraining']) {
      const { interval, pValue } = tests[name];
      assert.ok(interval[0] <= tested && tested <= interval[1], `${what}: ${name} ${interval.join(' to ')}`);
      assert.ok(pValue > 0 && pValue <= 1, `${what}: ${name}, p = ${pValue}`);
    }
    assert.equal(tests.includingTraining.folds, folds.length, what);
  }
}

run();
const files = reportFiles();
const rows = parseRows(files.get('cases.csv').toString());
rows.forEach(checkRow);
checkArms(rows);
checkTable(JSON.parse(files.get('table1.json').toString()), rows);

assert.match(run(), /^Nothing to compute: all \d+ units are cached\.$/m);
assert.deepEqual(reportFiles(), files, 'a second run has changed the report');
console.log(`smoke run: ${rows.length} rows and their means are consistent; a second run computed nothing`);
