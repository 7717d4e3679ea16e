import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import { randomStream } from '../../../domain/random/random-stream.js';
import { flipBit } from '../../support/damage.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const script = fileURLToPath(new URL('../support/training-process.js', import.meta.url));

/** What the training process tells. */
interface Event {
  readonly kind: string;
  readonly epoch: number;
  readonly step: number;
}

interface Run {
  readonly code: number | null;
  readonly signal: string | null;
  readonly events: readonly Event[];
  readonly errors: string;
}

const stepsPerEpoch = 3;
/** Batches done, over all epochs. */
const stepsBefore = ({ epoch, step }: Event): number => (epoch - 1) * stepsPerEpoch + step;

interface Kill {
  /** When so many steps have been done … */
  readonly afterSteps: number;
  /** … and so much later, which may be in the middle of a step or of writing a checkpoint. */
  readonly milliseconds: number;
}

/** Trains until the end, or until it is killed. */
function train(folder: string, arm: readonly string[], kill?: Kill): Promise<Run> {
  const child = fork(script, [folder, ...arm], {
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const events: Event[] = [];
  let dying = false;
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.on('message', (message) => {
    const event = message as Event;
    events.push(event);
    if (kill === undefined || dying || stepsBefore(event) < kill.afterSteps) return;
    dying = true;
    void pause(kill.milliseconds).then(() => child.kill('SIGKILL'));
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolve({ code, signal, events, errors });
    });
  });
}

function assertEnded({ code, errors }: Run): void {
  assert.equal(code, 0, errors);
}

async function resultOf(folder: string): Promise<Record<string, Buffer>> {
  const names = ['weights.bin', 'history.json', 'prediction.bin'];
  const files = await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const));
  return Object.fromEntries(files);
}

async function folderIn(root: string, name: string): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder);
  return folder;
}

for (const model of ['lr', 'convnet', 'unet']) {
  for (const loss of ['ce', 'sd']) {
    test(`${model}/${loss}, killed with SIGKILL at ten random points, ends with the same bytes as undisturbed`, async (t) => {
      const root = await temporaryFolder(t);
      const arm = [model, loss];
      const undisturbed = await folderIn(root, 'undisturbed');
      assertEnded(await train(undisturbed, arm));

      const random = randomStream('kill', model, loss);
      // One in each tenth of the training, so that no chance puts them all before the first checkpoint.
      const points = Array.from({ length: 10 }, (_, tenth) => 1 + 2 * tenth + random.integerBelow(2));
      const killed = await folderIn(root, 'killed');
      let resumed = 0;
      for (const afterSteps of points) {
        const run = await train(killed, arm, { afterSteps, milliseconds: random.uniformBetween(0, 4) });
        assert.equal(run.signal, 'SIGKILL', `after ${String(afterSteps)} steps`);
        const [first] = run.events;
        if (first !== undefined && stepsBefore(first) > 0) resumed++;
      }
      assert.ok(resumed >= 5, `only ${String(resumed)} of ten went on from a checkpoint`);
      assertEnded(await train(killed, arm));
      assert.deepEqual(await resultOf(killed), await resultOf(undisturbed));
    });
  }
}

test('killed, and its last checkpoint damaged, a training ends with the same bytes from the one before', async (t) => {
  const root = await temporaryFolder(t);
  const arm = ['convnet', 'sd'];
  const undisturbed = await folderIn(root, 'undisturbed');
  assertEnded(await train(undisturbed, arm));
  const killed = await folderIn(root, 'killed');
  assert.equal((await train(killed, arm, { afterSteps: 12, milliseconds: 0 })).signal, 'SIGKILL');
  await flipBit(join(killed, 'checkpoints', '1', 'checkpoint.bin'), 1000);
  const resumed = await train(killed, arm);
  assertEnded(resumed);
  const began = resumed.events[0];
  assert.ok(began !== undefined && stepsBefore(began) > 0 && stepsBefore(began) < 12, JSON.stringify(began));
  assert.deepEqual(await resultOf(killed), await resultOf(undisturbed));
});
