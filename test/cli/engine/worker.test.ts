import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { assertEnded, onFolder, runCommandLine, startCommandLine } from '../../support/command-line.js';
import { killProcessesOf, processesCanBeFound } from '../../support/processes.js';
import { artifactsOf, checkpointsOf } from '../../support/sweeps/sweep-folders.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';
import { writeLongConfig } from '../../support/sweeps/tiny-config.js';
import { waitFor } from '../../support/wait-for.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('worker');

describe('workers of a server', { skip, concurrency: 1 }, () => {
  let config: string;

  before(async () => {
    config = await writeLongConfig(root);
  });
  after(async () => {
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  it('share a sweep by role; one hands its training back on SIGUSR1, the next goes on, and ends when idle', async () => {
    const folder = join(root, 'data');
    const undisturbed = join(root, 'undisturbed');
    assertEnded(await runCommandLine(onFolder('run', config, undisturbed)), 0);

    const server = startCommandLine(['server', '--data-dir', join(root, 'server')]);
    const address = await waitFor('the address', () => /TEMPORAL_ADDRESS=(\S+)/.exec(server.output())?.[1]);
    const worker = (role: string, ...more: readonly string[]) =>
      startCommandLine(['worker', '--address', address, '--data-dir', folder, '--role', role, ...more]);
    const run = startCommandLine(onFolder('run', config, folder, '--address', address));
    const data = worker('data');
    // Everything that comes before is prepared, and nothing is trained.
    await waitFor('the split', () => (/split 1\/1/.test(run.errors()) ? true : undefined), 240);
    assert.deepEqual(await checkpointsOf(folder), []);

    const first = worker('training', '--slots', '1');
    await waitFor('a checkpoint', async () => ((await checkpointsOf(folder)).length > 0 ? true : undefined), 240);
    assert.equal((await checkpointsOf(folder)).length, 1);
    // As a batch system does: to all processes of the job.
    process.kill(-first.pid, 'SIGUSR1');
    const interrupted = await first.ended;
    assertEnded(interrupted, 130);
    assert.match(interrupted.errors, /running trainings save a checkpoint/);
    assert.notDeepEqual(await checkpointsOf(folder), []);

    const second = worker('training', '--until-idle', '5s');
    assertEnded(await run.ended, 0);
    const idle = await second.ended;
    assertEnded(idle, 0);
    assert.match(idle.errors, /no work for 5s: ended/);
    assert.deepEqual(await artifactsOf(folder), await artifactsOf(undisturbed));
    for (const { pid, ended } of [data, server]) {
      process.kill(pid, 'SIGTERM');
      assertEnded(await ended, 0);
    }
  });
});
