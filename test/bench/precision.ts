/**
 * What `numerics.precision: bfloat16` does to volumes: runs the quickstart in float32 and in bfloat16, and tests for each
 * arm whether the mean difference of the volume errors of the same cases lies within the sweep's margin of equivalence
 * (two one-sided tests that include the training, as the report's). Both also differ as any two trainings do.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { parse } from 'csv-parse/sync';

import { equivalenceOf } from '../../domain/statistics/equivalence.js';
import { foldSpread } from '../../domain/statistics/fold-spread.js';
import { assertEnded, onFolder, runCommandLine } from '../support/command-line.js';
import { repositoryRoot } from '../support/paths.js';
import { temporaryFolderOfFile } from '../support/temporary-folder.js';

/** The config's own settings. */
const margin = 0.05;
const significance = 0.05;

type Row = Readonly<Record<string, string>>;

const root = temporaryFolderOfFile('precision');

async function casesOf(precision: 'float32' | 'bfloat16'): Promise<{ rows: Row[]; seconds: number }> {
  const config = join(root, `${precision}.yaml`);
  const source = readFileSync(join(repositoryRoot, 'configs', 'quickstart.yaml'), 'utf8');
  writeFileSync(config, source.replace(/^numerics:.*\n/m, `numerics:\n  precision: ${precision}\n`));
  const folder = join(root, precision);
  const begin = Date.now();
  assertEnded(await runCommandLine(onFolder('run', config, folder)), 0);
  const seconds = (Date.now() - begin) / 1000;
  const report = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((name) => name.endsWith('cases.csv'));
  return { rows: parse(readFileSync(join(folder, report ?? ''), 'utf8'), { columns: true }), seconds };
}

const armOf = ({ dataSet, model, loss }: Row): string => [dataSet, model, loss].join('/');

try {
  const [exact, rounded] = [await casesOf('float32'), await casesOf('bfloat16')];
  process.stdout.write(
    `precision: ${exact.seconds.toFixed(0)} s in float32, ${rounded.seconds.toFixed(0)} s in bfloat16\n`,
  );
  const other = new Map(rounded.rows.map((row) => [`${armOf(row)}/${row['caseId'] ?? ''}`, row]));
  for (const arm of new Set(exact.rows.map(armOf))) {
    const own = exact.rows.filter((row) => armOf(row) === arm);
    const errors = own.map((row) => Number(row['volumeError']));
    const values = own.map((row, index) => {
      const { volumeError } = other.get(`${arm}/${row['caseId'] ?? ''}`) ?? {};
      return Number(volumeError) - (errors[index] as number);
    });
    const cases = own.map(({ fold, participant = '' }) => ({ fold: Number(fold), participant }));
    const spread = foldSpread({ values, cases, strata: null });
    if (spread === null) throw new RangeError('the quickstart has folds');
    const mean = (of: readonly number[]): number => of.reduce((sum, value) => sum + value, 0) / of.length;
    const volume = mean(own.map((row) => Number(row['truthVolume'])));
    const { pValue, interval } = equivalenceOf(spread, { margin: margin * volume, significance });
    const percent = (value: number): string => `${((100 * value) / volume).toFixed(2)} %`;
    const within = pValue < significance ? 'equivalent' : 'not shown to be equivalent';
    process.stdout.write(
      `  ${arm.padEnd(28)} ΔV ${percent(mean(errors))} of the mean volume, changed by ${percent(spread.mean)} ` +
        `(90 % interval ${interval.map(percent).join(' to ')}), p = ${pValue.toPrecision(2)}: ${within}\n`,
    );
  }
} finally {
  await rm(root, { recursive: true, force: true });
}
