import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import type { ExpectedCost } from '../../../cli/plan/expected-cost.js';
import { mostTrainingSeconds } from '../../../domain/plan/training-cost.js';
import { assertEnded, onFolder, runCommandLine } from '../../support/command-line.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';
import { tinyConfig, writeConfig } from '../../support/sweeps/tiny-config.js';

const root = temporaryFolderOfFile('plan-cost');

interface Cost {
  readonly parallelTrainings: number;
  readonly arms: readonly {
    readonly model: string;
    readonly loss: string;
    readonly trainings: number;
    readonly stepSeconds: number;
    readonly validationSeconds: number;
    readonly peakMemoryBytes: number;
    readonly seconds: number;
  }[];
}

/** Of the files of prepared cases, trainings and predictions, as far as the estimate counts them. */
async function resultBytes(folder: string): Promise<number> {
  const log = await readFile(join(folder, 'lineage.jsonl'), 'utf8');
  let bytes = 0;
  for (const line of log.trim().split('\n')) {
    const { kind, spec } = JSON.parse(line) as { kind: string; spec: { step: string; unit: string; digest: string } };
    if (kind !== 'artifact' || !['preprocess', 'train', 'evaluate'].includes(spec.step)) continue;
    const manifest = await readFile(join(folder, 'objects', spec.digest.slice(0, 2), spec.digest), 'utf8');
    const { files } = JSON.parse(manifest) as { files: Record<string, { size: number }> };
    const counted = Object.entries(files).filter(([name]) => /^(images|label|weights|probability)/.test(name));
    bytes += counted.reduce((sum, [, { size }]) => sum + size, 0);
  }
  return bytes;
}

describe('the cost of a sweep', () => {
  after(() => rm(root, { recursive: true, force: true }));

  const plan = (config: string, ...more: readonly string[]) =>
    runCommandLine(onFolder('plan', config, join(root, 'data'), '--cost', ...more));

  it('is measured for each arm: a U-Net takes longer than a logistic regression', async () => {
    const config = await writeConfig(root, tinyConfig({ models: ['lr', 'unet'], losses: ['ce', 'lovaszHinge'] }));
    const result = await plan(config, '--json');
    assertEnded(result, 0);
    const { cost } = JSON.parse(result.output) as { cost: Cost };
    assert.deepEqual(
      cost.arms.map(({ model, loss, trainings }) => [model, loss, trainings]),
      [
        ['lr', 'ce', 2],
        ['lr', 'lovaszHinge', 2],
        ['unet', 'ce', 2],
        ['unet', 'lovaszHinge', 2],
      ],
    );
    const [lr, , unet] = cost.arms;
    assert.ok(lr !== undefined && unet !== undefined && unet.stepSeconds > lr.stepSeconds);
    // 6 cases in 2 folds: 3 to learn from, of which one fifth validates, for 3 epochs, in batches of 2.
    for (const { stepSeconds, validationSeconds, peakMemoryBytes, trainings, seconds } of cost.arms) {
      const extent = { trainings, cases: 6, folds: 2, batchSize: 2, maxEpochs: 3, innerValidation: true };
      assert.equal(seconds, mostTrainingSeconds(extent, { stepSeconds, validationSeconds }));
      assert.ok(peakMemoryBytes > 50 * 2 ** 20 && cost.parallelTrainings >= 1);
    }
  });

  it('has a rough figure and a limit of disk before anything has run, and what units took afterwards', async () => {
    const folder = join(root, 'run');
    const config = await writeConfig(root, tinyConfig({ name: 'rough', models: ['lr', 'unet'], losses: ['ce'] }));
    const before = await runCommandLine(onFolder('plan', config, folder, '--json'));
    const { expected } = JSON.parse(before.output) as { expected: ExpectedCost };
    assert.deepEqual([expected.measuredSeconds, expected.unknownUnits], [null, 8]);
    assert.ok(expected.roughTrainingSeconds > 0);
    assert.match(
      (await runCommandLine(onFolder('plan', config, folder))).output,
      /Rough estimate: at most \d+ s if every training runs for all 3 epochs.* at most \d\.?\d* MB of disk\.$/m,
    );
    assertEnded(await runCommandLine(onFolder('run', config, folder)), 0);
    const bytes = await resultBytes(folder);
    assert.ok(bytes < expected.diskBytes && bytes > expected.diskBytes / 3, `${bytes} of ${expected.diskBytes} bytes`);
    const other = await writeConfig(
      root,
      tinyConfig({ name: 'rough', seed: 2, models: ['lr', 'unet'], losses: ['ce'] }),
    );
    const after = await runCommandLine(onFolder('plan', other, folder));
    assert.match(
      after.output,
      /About \d+ s of work, judging by the same arms here before; a training runs for at most 3 epochs/,
    );
    const longer = { models: ['lr', 'unet'], losses: ['ce'], training: { maxEpochs: 100 } };
    const epochs = await runCommandLine(
      onFolder('plan', await writeConfig(root, tinyConfig({ name: 'longer', ...longer })), folder),
    );
    assert.match(
      epochs.output,
      /About \d+ s of work, judging by the same arms here before, and for 4 units that have not run here with these settings roughly \d+ s more at most/,
    );
    const other3 = { models: ['convnet'], losses: ['ce'] };
    const network = await runCommandLine(
      onFolder('plan', await writeConfig(root, tinyConfig({ name: 'network', ...other3 })), folder),
    );
    assert.match(network.output, /Nothing of this has run here yet\. Rough estimate: at most/);
  });

  it('is a table with the sum for people', async () => {
    const config = await writeConfig(root, tinyConfig({ models: ['lr'], losses: ['ce'] }));
    const { output } = await plan(config);
    assert.match(output, /flat\/lr\/ce +│ 2 +│ \S+ m?s +│ 0\.\d GB +│ \d+ s/);
    assert.match(output, /All trainings take at most \d+ s on this machine.* if each goes on for all 3 epochs/);
  });
});
