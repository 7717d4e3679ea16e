import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { progressAfterEpoch, progressStart } from '../../../domain/training/training-progress.js';
import { encodeCheckpoint } from '../../../learning/training/checkpoint.js';
import { checkpointEpoch } from '../../../storage/store/checkpoint-epoch.js';
import { checkpointFiles } from '../../../storage/store/checkpoint-files.js';
import { dataFolderAt } from '../../../storage/store/data-folder.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const key = 'a'.repeat(64);

describe('the epoch of a checkpoint', () => {
  it('is the one in which the training would go on, and none without a checkpoint', async (test) => {
    const folder = dataFolderAt(await temporaryFolder(test));
    assert.equal(await checkpointEpoch(folder, key), undefined);
    const settings = { plateau: { patienceEpochs: 5, divideBy: 2 }, minDelta: 0 };
    const losses = { trainingLoss: 1, validationLoss: 1 };
    const progress = [1, 2].reduce((before) => progressAfterEpoch(before, losses, settings), progressStart(0.1));
    const vector = new Float32Array(3);
    const adam = { weights: vector, firstMoments: vector, secondMoments: vector, steps: 7 };
    const state = { progress, stepsIntoEpoch: 1, lossSum: 2, adam, bestWeights: undefined };
    await checkpointFiles(join(folder.checkpoints, key)).save(encodeCheckpoint(state, key));
    assert.equal(await checkpointEpoch(folder, key), 3);
  });
});
