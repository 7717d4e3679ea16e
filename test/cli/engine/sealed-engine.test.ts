import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { Client, Connection } from '@temporalio/client';

import { startEmbeddedEngine, type Engine } from '../../../cli/engine/engine.js';
import { taskQueuesOf } from '../../../contracts/task-queues.js';
import { release } from '../../../steps/pipeline.js';
import { configSchema } from '../../../configs/config-schema.js';
import { recordSweep } from '../../../storage/sweeps/sweep-records.js';
import { readServerRecord } from '../../../cli/engine/server/embedded-server.js';
import { repositoryRoot } from '../../support/paths.js';
import { killProcessesOf, processesCanBeFound } from '../../support/processes.js';
import { filesBelow, openTestStore } from '../../support/sweeps/test-store.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';
import { tinyConfig } from '../../support/sweeps/tiny-config.js';
import { waitFor } from '../../support/wait-for.js';
import { rm } from 'node:fs/promises';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('sealed-engine');
const { folder, store } = openTestStore(join(root, 'data'));

/** A data set that is not there: its scan fails with a message and a stack. */
const dataSet = { path: '../nowhere-to-be-found' };

describe('the engine of a data folder', { skip, concurrency: 1 }, () => {
  let engine: Engine;
  /** Anybody on this machine: without the key of the data folder. */
  let stranger: Client;
  let input: { sweepId: string; specification: string };

  before(async () => {
    const config = configSchema.parse(tinyConfig({ dataSet }));
    const content = { config, importedFolds: null, environment: null };
    const place = { configPath: join(root, 'tiny.yaml'), paths: new Map<string, string>() };
    const { id, specification } = await recordSweep(folder, store, place, content);
    input = { sweepId: id, specification };
    engine = await startEmbeddedEngine(folder, 'none-0123456789', {
      threads: 1,
      onProgress: () => undefined,
      onRemark: () => undefined,
    });
    const address = `127.0.0.1:${String((await readServerRecord(folder))?.port)}`;
    stranger = new Client({ connection: await Connection.connect({ address }) });
  });
  after(async () => {
    await stranger.connection.close();
    await engine.close();
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  /** All that can be read of a history: ciphertext is random, and may contain any short word. */
  async function historyOf(workflowId: string): Promise<string> {
    return JSON.stringify(await stranger.workflow.getHandle(workflowId).fetchHistory(), (_, value: unknown) => {
      if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
      return isSealed(value) ? 'sealed' : value;
    });
  }

  function isSealed(value: unknown): boolean {
    // Protocol buffers turn bytes into base64 before JSON is made of them.
    const { metadata } = (value ?? {}) as { metadata?: { encoding?: string } | null };
    return metadata?.encoding === Buffer.from('binary/encrypted').toString('base64');
  }

  it('does nothing for somebody who does not have its key', async () => {
    await stranger.workflow.start('sweep', {
      workflowId: 'foreign',
      taskQueue: taskQueuesOf(release).workflows,
      args: [input],
    });
    const refused = await waitFor('the refusal', async () => {
      const history = await historyOf('foreign');
      return history.includes('workflowTaskFailedEventAttributes') ? history : undefined;
    });
    assert.doesNotMatch(refused, /activityTaskScheduled/);
    assert.deepEqual(await filesBelow(folder.failures), []);
    await stranger.workflow.getHandle('foreign').terminate();
  });

  it('tells the server no name of a data set, file or host, and no stack', async () => {
    const handle = await engine.client.workflow.start('sweep', {
      ...{ workflowId: 'own', taskQueue: taskQueuesOf(release).workflows, args: [input] },
    });
    const result = (await handle.result()) as { outcome: string; failures: readonly { unit: string }[] };
    assert.equal(result.outcome, 'failed');
    assert.equal(result.failures[0]?.unit, 'scan flat');
    const history = await historyOf('own');
    assert.match(history, /activityTaskFailedEventAttributes/);
    assert.match(history, /"sealed"/);
    for (const secret of ['scan flat', 'flat', 'nowhere', root, repositoryRoot, hostname(), ' at ']) {
      assert.ok(!history.includes(secret), `the history contains "${secret}"`);
    }
  });
});
