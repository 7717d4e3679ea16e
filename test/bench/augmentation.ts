/**
 * Measures what augmentation costs an epoch: `augmentation.js edge epochs`. Prints, as JSON, for no augmentation, for
 * augmentation between the steps and for augmentation ahead in a thread: seconds an epoch, and the share of it in
 * which this thread was busy and not waiting for a case (TensorFlow, and the copying of batches into it; between the
 * steps, also the augmentation itself).
 */
import { fit } from '../../learning/training/fit.js';
import type { FitOptions } from '../../learning/training/fit-options.js';
import { augmentPool } from '../../steps/training/augment-pool.js';
import { boxCase, tinyAugmentation, tinyTraining } from '../learning/support/small-problems.js';

const [edgeText = '', epochText = ''] = process.argv.slice(2);
const edge = Number(edgeText);
const shape = [edge, edge, edge] as const;
const ids = ['a', 'b', 'c', 'd'];
const cases = new Map(ids.map((id) => [id, boxCase(shape, 4, id)]));

async function measure(changes: Partial<FitOptions>): Promise<{ secondsPerEpoch: number; busyShare: number }> {
  const epochs = Number(epochText);
  // The first epoch warms TensorFlow up; validation is one case for four of training.
  let begin = performance.now();
  let idle = performance.eventLoopUtilization();
  await fit({
    network: { model: 'unet', dimensions: 3, channels: 4, upsampling: 'same' },
    loss: 'ce',
    cropShape: shape,
    training: { ...tinyTraining, maxEpochs: epochs + 1, augmentation: tinyAugmentation },
    identity: 'bench',
    checkpointMinutes: 5,
    streamName: ['bench'],
    trainingCases: ids.map((id) => ({ id })),
    validationCases: [{ id: 'a' }],
    loadCase: ({ id }) => cases.get(id) ?? boxCase(shape, 4, id),
    checkpoints: { load: () => Promise.resolve(undefined), save: () => Promise.resolve() },
    onProgress: ({ kind, epoch }) => {
      if (kind !== 'epoch' || epoch !== 1) return;
      begin = performance.now();
      idle = performance.eventLoopUtilization();
    },
    signal: new AbortController().signal,
    now: () => 0,
    ...changes,
  });
  const { utilization } = performance.eventLoopUtilization(idle);
  return { secondsPerEpoch: (performance.now() - begin) / 1000 / epochs, busyShare: utilization };
}

const pool = augmentPool(1);
const training = { ...tinyTraining, maxEpochs: Number(epochText) + 1 };
const none = await measure({ training });
const between = await measure({});
const ahead = await measure({ augment: pool.augment });
await pool.close();
process.stdout.write(`${JSON.stringify({ edge, none, between, ahead })}\n`);
