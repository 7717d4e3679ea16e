import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

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

  it('is a table with the sum for people', async () => {
    const config = await writeConfig(root, tinyConfig({ models: ['lr'], losses: ['ce'] }));
    const { output } = await plan(config);
    assert.match(output, /flat\/lr\/ce +│ 2 +│ \S+ m?s +│ 0\.\d GB +│ \d+ s/);
    assert.match(output, /All trainings take at most \d+ s on this machine.* if each goes on for all 3 epochs/);
  });
});
