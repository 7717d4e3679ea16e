import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { Client, Connection } from '@temporalio/client';

import { readRuntimeRecord } from '../../../storage/machine/runtime-record.js';
import { assertEnded, onFolder, runCommandLine, startCommandLine } from '../../support/command-line.js';
import { freePort } from '../../support/free-port.js';
import { killProcessesOf, processesCanBeFound } from '../../support/processes.js';
import { tinyConfig, writeConfig } from '../../support/sweeps/tiny-config.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';
import { waitFor } from '../../support/wait-for.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('plain-server');
const folder = join(root, 'data');

describe('a Temporal server that nobody has told of search attributes', { skip, timeout: 300_000 }, () => {
  let address: string;
  let client: Client;

  before(async () => {
    address = `127.0.0.1:${await freePort()}`;
    const { temporalCli } = await readRuntimeRecord();
    const port = address.split(':')[1] ?? '';
    const flags = ['--headless', '--ip', '127.0.0.1', '--port', port, '--log-level', 'error'];
    // The database's name lets killProcessesOf find it.
    spawn(temporalCli.path, ['server', 'start-dev', ...flags, '--db-filename', `${root}.db`], { stdio: 'ignore' });
    client = await waitFor('the server', async () => {
      try {
        const connection = await Connection.connect({ address });
        await connection.workflowService.describeNamespace({ namespace: 'default' });
        return new Client({ connection });
      } catch {
        return undefined;
      }
    });
  });
  after(async () => {
    await client.connection.close();
    killProcessesOf(root);
    for (const path of [root, ...['', '-shm', '-wal'].map((end) => `${root}.db${end}`)]) {
      await rm(path, { recursive: true, force: true });
    }
  });

  it('runs sweeps without them, with summaries and the priority that was asked for', async () => {
    const config = await writeConfig(root, tinyConfig({ models: ['lr'], losses: ['ce'] }));
    startCommandLine(['worker', '--address', address, '--data-dir', folder]);
    assertEnded(await runCommandLine(onFolder('run', config, folder, '--address', address, '--priority', '2')), 0);
    const summaries = new Map<string, number | undefined>();
    for await (const { workflowId } of client.workflow.list({ query: "WorkflowType = 'sharedUnit'" })) {
      const { raw, priority, typedSearchAttributes } = await client.workflow.getHandle(workflowId).describe();
      assert.deepEqual(
        typedSearchAttributes.getAll().filter(({ key }) => key.name.startsWith('Volbias')),
        [],
      );
      const { data } = raw.executionConfig?.userMetadata?.summary ?? {};
      summaries.set(
        Buffer.from(data ?? [])
          .toString()
          .replace(/data-\w+/, 'LABEL'),
        priority?.priorityKey,
      );
    }
    assert.equal(summaries.get('"train lr/ce · fold 1 · LABEL"'), 2);
    assert.equal(summaries.get('"report"'), 2);
  });
});
