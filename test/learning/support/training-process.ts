/**
 * A process that trains a small network with its checkpoints in files, for tests to kill: `folder model loss`. It
 * tells its parent of each event, and leaves weights, history and a prediction in the folder when it has come to the
 * end.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import type { Triple } from '../../../domain/image/grid.js';
import type { ModelName, NetworkChoice } from '../../../domain/training/networks/network.js';
import type { LossChoice } from '../../../domain/training/losses/loss-choice.js';
import { fit } from '../../../learning/training/fit.js';
import type { FitProgress } from '../../../learning/training/fit-options.js';
import { predict } from './predict.js';
import { checkpointFiles } from '../../../storage/store/checkpoint-files.js';
import { boxCase, tinyTraining } from './small-problems.js';

const [folder = '', model = '', loss = ''] = process.argv.slice(2);
const shape: Triple = [27, 27, 1];
const network: NetworkChoice = { model: model as ModelName, dimensions: 2, channels: 1, upsampling: 'same' };
const handles = (names: string): { id: string }[] => [...names].map((id) => ({ id }));

function tell(event: Pick<FitProgress, 'kind' | 'epoch' | 'step'>): void {
  process.send?.({ kind: event.kind, epoch: event.epoch, step: event.step });
}

// Every second look at the clock finds a checkpoint due, so that what follows one is done again after a kill.
let minutes = 0;
const result = await fit({
  network,
  loss: loss as LossChoice,
  cropShape: shape,
  training: { ...tinyTraining, learningRate: model === 'lr' ? 1 : 1e-3, batchSize: 2, maxEpochs: 8 },
  identity: 'killed',
  checkpointMinutes: 1,
  streamName: [11, 'killed', 0],
  trainingCases: handles('abcde'),
  validationCases: handles('fg'),
  loadCase: async ({ id }) => {
    // Slow enough for a kill to arrive before the end.
    await pause(2);
    return boxCase(shape, 1, id);
  },
  checkpoints: checkpointFiles(join(folder, 'checkpoints')),
  onProgress: tell,
  signal: new AbortController().signal,
  now: () => (minutes += 0.6) * 60_000,
});
if (result.status !== 'finished') throw new Error('nobody has interrupted it');
const prediction = predict({ network, weights: result.weights }, boxCase(shape, 1, 'h'));
await writeFile(join(folder, 'weights.bin'), Buffer.from(result.weights.buffer));
await writeFile(join(folder, 'history.json'), JSON.stringify(result.history));
await writeFile(join(folder, 'prediction.bin'), Buffer.from(prediction.values.buffer));
process.disconnect();
