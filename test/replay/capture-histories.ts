/**
 * Writes the histories of this version's workflows to test/replay/histories/: `node dist/test/replay/capture-histories.js`
 * with the version's name, such as 0.1. Run it once for each release; replay.test.ts then holds every later version to
 * them, because sweeps that an older version started go on under the newer one.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { ApplicationFailure } from '@temporalio/common';

import { sharedUnitWorkflowId } from '../../contracts/workflow-ids.js';
import { release } from '../../steps/pipeline.js';
import { readRuntimeRecord } from '../../storage/machine/runtime-record.js';
import { repositoryRoot } from '../support/paths.js';
import { temporaryFolderOfFile } from '../support/temporary-folder.js';
import { openWorkflowBench, Steps } from '../support/workflow-bench.js';

const [version = ''] = process.argv.slice(2);
if (!/^\d+\.\d+$/.test(version)) throw new Error('expected the version, such as 0.1');
const folder = join(repositoryRoot, 'test', 'replay', 'histories', version);
await mkdir(folder, { recursive: true });
const bench = await openWorkflowBench(temporaryFolderOfFile('capture'));

/** Without what names a machine or a folder: workers, task queues of their own, stack traces. */
function withoutMachine(key: string, value: unknown): unknown {
  if (key === 'stackTrace') return '';
  return typeof value === 'string' ? value.replaceAll(hostname(), 'worker').replace(/^\d+@worker/, 'worker') : value;
}

async function capture(name: string, workflowId: string): Promise<void> {
  const { path } = (await readRuntimeRecord()).temporalCli;
  const show = ['workflow', 'show', '--workflow-id', workflowId, '--output', 'json', '--address', bench.address];
  const { stdout } = spawnSync(path, show, { encoding: 'utf8', maxBuffer: 1 << 26 });
  const json: unknown = JSON.parse(stdout, withoutMachine);
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify(json)}\n`);
}

try {
  const complete = new Steps({}, 33);
  await bench.runSweep('complete', complete);
  await capture('complete', 'complete');
  const training = complete.requests.get('train flat/unet/ce/fold-0')?.key ?? '';
  await capture('shared-unit', sharedUnitWorkflowId(release, training));

  const failing = new Steps({
    'train flat/unet/ce/fold-1': () => {
      throw ApplicationFailure.nonRetryable('train flat/unet/ce/fold-1: TRAINING_DIVERGED', 'Diverged');
    },
  });
  await bench.runSweep('partial', failing);
  await capture('partial', 'partial');

  const losing: Steps = new Steps({
    'train flat/lr/ce/fold-0': (_, attempt) => {
      if (attempt > 1) return {};
      losing.stored.delete(losing.requests.get('preprocess flat/shard-0')?.key ?? '');
      throw ApplicationFailure.nonRetryable('train flat/lr/ce/fold-0: STORE_CORRUPT', 'StoreCorrupt');
    },
  });
  await bench.runSweep('repaired', losing);
  await capture('repaired', 'repaired');
} finally {
  await bench.close();
}
