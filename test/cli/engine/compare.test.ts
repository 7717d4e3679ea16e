import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import { parse } from 'csv-parse/sync';

import { assertEnded, onFolder, runCommandLine } from '../../support/command-line.js';
import { killProcessesOf, processesCanBeFound } from '../../support/processes.js';
import { reportOf, sweepIdOf } from '../../support/sweeps/sweep-folders.js';
import { tinyConfig, writeConfig } from '../../support/sweeps/tiny-config.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';

type Row = Readonly<Record<string, string>>;

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('compare-sweeps');
const folder = join(root, 'data');

async function casesOf(name: string, changes: Parameters<typeof tinyConfig>[0]): Promise<Row[]> {
  const config = await writeConfig(root, tinyConfig({ name, models: ['lr'], ...changes }));
  assertEnded(await runCommandLine(onFolder('run', config, folder)), 0);
  const files = await reportOf(folder, await sweepIdOf(folder, name));
  return parse(files.get('cases.csv')?.toString('utf8') ?? '', { columns: true });
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('volbias compare', { skip, concurrency: 1 }, () => {
  after(async () => {
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  it('has the means, differences and tests of the cases that two sweeps share', async () => {
    const before = await casesOf('short', {});
    const now = await casesOf('longer', { losses: ['ce'], training: { maxEpochs: 4 } });
    const output = join(root, 'comparison');
    const ids = [await sweepIdOf(folder, 'short'), await sweepIdOf(folder, 'longer')] as const;
    const result = await runCommandLine(onFolder('compare', ids[0], folder, ids[1], '--output', output));
    assertEnded(result, 0);
    assert.match(result.output, /training\.maxEpochs 3 → 4/);
    assert.match(result.output, /only in A: flat\.lr\.sd/);
    assert.match(result.output, /flat: 6 cases shared, 0 not\n/);
    assert.match(result.output, /fewer than 10 participants are unreliable/);
    const lines: Row[] = parse(await readFile(join(output, 'comparison.csv'), 'utf8'), { columns: true });
    assert.equal(lines.length, 5);
    const columns = {
      crossEntropy: 'crossEntropy',
      softDiceScore: 'softDiceScore',
      volumeError: 'volumeError',
      dice: 'dice',
    };
    for (const [metric, column] of Object.entries(columns)) {
      const line = lines.find((one) => one.metric === metric);
      const pairs = now.map((row) => {
        const old = before.find(({ caseId, loss }) => caseId === row.caseId && loss === row.loss);
        return { a: Number(old?.[column]), b: Number(row[column]), fold: row.fold };
      });
      const near = (name: string, expected: number): void => {
        const found = Number(line?.[name]);
        assert.ok(
          Math.abs(found - expected) < 1e-9 * (1 + Math.abs(expected)),
          `${metric} ${name}: ${found}, ${expected}`,
        );
      };
      near('mean_a', mean(pairs.map(({ a }) => a)));
      near('mean_b', mean(pairs.map(({ b }) => b)));
      near('difference', mean(pairs.map(({ a, b }) => b - a)));
      assert.deepEqual([line?.cases, line?.participants, line?.folds], ['6', '6', '2']);
      // Where all differences have one sign, no bootstrap sample has another: p = 2 · 1 / (10,000 + 1).
      const signs = new Set(pairs.map(({ a, b }) => Math.sign(b - a)));
      if (signs.size === 1) near('conditional_p', 2 / 10_001);
    }
  });

  it('refuses a sweep that has no report', async () => {
    const result = await runCommandLine(
      onFolder('compare', await sweepIdOf(folder, 'short'), folder, 'nothing-0123456789'),
    );
    assertEnded(result, 2);
  });
});
