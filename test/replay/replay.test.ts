import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';

import { repositoryRoot } from '../support/paths.js';
import { temporaryFolderOfFile } from '../support/temporary-folder.js';

const histories = join(repositoryRoot, 'test', 'replay', 'histories');
const root = temporaryFolderOfFile('replay');
const bundlePath = join(root, 'bundle.js');

/** The workflows of this version over the history of another one; capture-histories.ts has written it. */
async function replay(history: unknown): Promise<void> {
  await Worker.runReplayHistory({ workflowBundle: { code: readFileSync(bundlePath, 'utf8') } }, history);
}

function read(version: string, name: string): unknown {
  return JSON.parse(readFileSync(join(histories, version, name), 'utf8'));
}

describe('sweeps that an older version started', () => {
  before(() => {
    const script = join(repositoryRoot, 'dist', 'worker', 'bundle-workflows.js');
    assert.equal(spawnSync(process.execPath, [script, bundlePath]).status, 0);
  });
  after(() => rm(root, { recursive: true, force: true }));

  for (const version of readdirSync(histories)) {
    for (const name of readdirSync(join(histories, version))) {
      it(`go on under this one: ${version}, ${name}`, () => replay(read(version, name)));
    }
  }

  it('are told from those that cannot', async () => {
    // The same history with the second scheduled activity left out is one that no version can have written.
    const history = read('0.1', 'complete.json') as { events: { activityTaskScheduledEventAttributes?: object }[] };
    const second = history.events.filter((event) => event.activityTaskScheduledEventAttributes !== undefined)[1];
    assert.ok(second);
    second.activityTaskScheduledEventAttributes = {
      ...second.activityTaskScheduledEventAttributes,
      activityType: { name: 'anotherStep' },
    };
    await assert.rejects(replay(history), DeterminismViolationError);
  });
});
