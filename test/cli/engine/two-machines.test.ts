import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { Connection } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';

import { clientOf } from '../../../cli/engine/engine.js';
import { dataFolderAt } from '../../../storage/store/data-folder.js';
import { assertEnded, runCommandLine, startCommandLine } from '../../support/command-line.js';
import { killProcessesOf, processesCanBeFound, processesOf } from '../../support/processes.js';
import { s3Program, startS3Server, type S3Server } from '../../support/s3-server.js';
import { slowedUntil } from '../../support/slow-trainings.js';
import { artifactsOf, checkpointsOf, filesBelow } from '../../support/sweeps/sweep-folders.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';
import { writeLongConfig } from '../../support/sweeps/tiny-config.js';
import { waitFor } from '../../support/wait-for.js';

const program = await s3Program();
const noProcesses = processesCanBeFound ? false : 'there is no /proc to find processes in';
const skip = 'reason' in program ? program.reason : noProcesses;

/** PENDING_ACTIVITY_STATE_STARTED of Temporal's API. */
const started = 2;

/** What the server does by itself after five minutes without a heartbeat: it takes a training from a worker that is gone. */
async function takeTrainingBack(address: string, folder: string): Promise<boolean> {
  const connection = await Connection.connect({ address });
  try {
    const client = await clientOf(dataFolderAt(folder), connection);
    const lost = ApplicationFailure.create({ type: 'Interrupted', message: 'its machine was lost' });
    for await (const { workflowId, runId } of client.workflow.list({ query: "ExecutionStatus = 'Running'" })) {
      const { raw } = await client.workflow.getHandle(workflowId, runId).describe();
      for (const { activityId, activityType, state } of raw.pendingActivities ?? []) {
        if (activityType?.name !== 'train' || Number(state) !== started || typeof activityId !== 'string') continue;
        await client.activity.fail({ workflowId, runId, activityId }, lost);
        return true;
      }
    }
    return false;
  } finally {
    await connection.close();
  }
}

describe('machines without a shared disk', { skip, concurrency: 1 }, () => {
  const root = temporaryFolderOfFile('two-machines');
  const go = join(root, 'go');
  let s3: S3Server;
  let environment: Readonly<Record<string, string>>;
  let config: string;
  const folderOf = (machine: string): string => join(root, machine);
  /** Arguments of a verb on a machine that has a data folder of its own, and the store. */
  const on = (machine: string, ...words: readonly string[]): string[] => [
    ...words,
    ...['--data-dir', folderOf(machine), '--store', s3.address],
  ];

  before(async () => {
    s3 = await startS3Server('path' in program ? program.path : '', join(root, 's3'));
    environment = { ...s3.environment, VOLBIAS_ENGINE_KEY: randomBytes(32).toString('hex') };
    config = await writeLongConfig(root);
  });
  after(async () => {
    killProcessesOf(root);
    await s3.stop();
    await rm(root, { recursive: true, force: true });
  });

  it('share a sweep; one is killed in a training, another goes on from its checkpoint: the bytes of one machine', async () => {
    assertEnded(await runCommandLine(['run', config, '--data-dir', folderOf('alone')]), 0);

    const server = startCommandLine(['server', '--data-dir', folderOf('server')]);
    const address = await waitFor('the address', () => /TEMPORAL_ADDRESS=(\S+)/.exec(server.output())?.[1]);
    const worker = (machine: string, role: string, more: Readonly<Record<string, string>> = {}) =>
      startCommandLine(on(machine, 'worker', '--address', address, '--role', role, '--slots', '1'), {
        environment: { ...environment, ...more },
      });
    const run = startCommandLine(on('home', 'run', config, '--address', address), { environment });
    const data = worker('data', 'data');
    const first = worker('first', 'training', slowedUntil(go));
    const saved = await waitFor(
      'a checkpoint in the store',
      async () => (await checkpointsOf(s3.files))[0] ?? (run.errors().includes('FAILED') ? run.errors() : undefined),
      240,
    );
    assert.equal(basename(saved), 'checkpoint.bin', saved);
    killProcessesOf(folderOf('first'));
    assert.equal((await first.ended).code, null);
    assert.deepEqual(processesOf(folderOf('first')), []);
    // Its disk is gone with it.
    await rm(folderOf('first'), { recursive: true });

    process.env.VOLBIAS_ENGINE_KEY = environment.VOLBIAS_ENGINE_KEY;
    assert.equal(await takeTrainingBack(address, folderOf('home')), true);
    await writeFile(go, '');
    const second = worker('second', 'training');
    const ended = await run.ended;
    assertEnded(ended, 0);
    assert.match(await readFile(join(folderOf('second'), 'lineage.jsonl'), 'utf8'), /"kind":"resumption"/);

    assert.deepEqual(await artifactsOf(s3.files), await artifactsOf(folderOf('alone')));
    const objects = async (folder: string): Promise<string[]> =>
      (await filesBelow(join(folder, 'objects'))).map((file) => basename(file)).sort();
    assert.deepEqual(await objects(s3.files), await objects(folderOf('alone')));
    assert.deepEqual(await checkpointsOf(s3.files), []);
    // Trainings need the store alone: nothing was drawn there.
    assert.deepEqual(await filesBelow(join(folderOf('second'), 'phantoms')), []);
    for (const { pid, ended: stopped } of [data, second, server]) {
      process.kill(pid, 'SIGTERM');
      assertEnded(await stopped, 0);
    }
  });

  it('all answer for the sweep, also one that had no part in it', async () => {
    const status = await runCommandLine(on('late', 'status', '--json'), { environment });
    assertEnded(status, 0);
    const [found] = JSON.parse(status.output) as { sweep: string; state: string }[];
    assert.equal(found?.state, 'complete');
    const id = found.sweep;
    const report = await runCommandLine(on('late', 'report', id), { environment });
    assertEnded(report, 0);
    const own = await runCommandLine(on('home', 'report', id), { environment });
    // The same table, and the same head over all logs.
    assert.equal(report.output.replaceAll(folderOf('late'), ''), own.output.replaceAll(folderOf('home'), ''));
    const trace = await runCommandLine(on('late', 'trace', id, 'flat.lr.ce.volumeError'), { environment });
    assertEnded(trace, 0);
    assert.match(trace.output, /train flat\/lr\/ce\/fold-0/);
  });

  it('refuse one that has no key, or another', async () => {
    const { VOLBIAS_ENGINE_KEY: _, ...without } = environment;
    const words = on('stranger', 'worker', '--address', '127.0.0.1:1');
    const missing = await runCommandLine(words, { environment: without });
    assertEnded(missing, 2);
    assert.match(missing.errors, /engine-key is missing: the key of the machines that share s3:.*VOLBIAS_ENGINE_KEY/);
    const other = await runCommandLine(words, { environment: { ...without, VOLBIAS_ENGINE_KEY: 'a'.repeat(64) } });
    assertEnded(other, 2);
    assert.match(other.errors, /engine-key is not the key of the machines that share/);
  });
});
