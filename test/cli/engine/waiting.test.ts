import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { readServerRecord } from '../../../cli/engine/server/embedded-server.js';
import { dataFolderAt } from '../../../storage/store/data-folder.js';
import {
  assertEnded,
  onFolder,
  runCommandLine,
  startCommandLine,
  type StartedCommandLine,
} from '../../support/command-line.js';
import { killProcessesOf, processesCanBeFound, processesOf, type FoundProcess } from '../../support/processes.js';
import { checkpointsOf } from '../../support/sweeps/sweep-folders.js';
import { writeLongConfig } from '../../support/sweeps/tiny-config.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';
import { waitFor } from '../../support/wait-for.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('waiting');

describe('a run that cannot go on', { skip, concurrency: 1 }, () => {
  let config: string;

  before(async () => {
    config = await writeLongConfig(root);
  });
  after(async () => {
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  async function startTraining(folder: string): Promise<StartedCommandLine> {
    const run = startCommandLine(onFolder('run', config, folder));
    await waitFor('a checkpoint', async () => ((await checkpointsOf(folder)).length > 0 ? true : undefined), 240);
    return run;
  }

  const processOf = (folder: string, role: FoundProcess['role']): Promise<FoundProcess> =>
    waitFor(`the ${role}`, () => processesOf(folder).find((found) => found.role === role));

  const said = (run: StartedCommandLine, words: RegExp): Promise<true> =>
    waitFor(`"${words.source}" to be said`, () => (words.test(run.errors()) ? true : undefined));

  it('says what is stopped and since when, as does status, and goes on once it continues', async () => {
    const folder = join(root, 'stopped');
    const run = await startTraining(folder);
    for (const [role, name] of [
      ['server', 'Temporal’s server'],
      ['worker', 'the worker'],
    ] as const) {
      const { pid } = await processOf(folder, role);
      process.kill(pid, 'SIGSTOP');
      const what = `${name} \\(process ${pid}\\) is stopped; "kill -CONT ${pid}" continues it`;
      await said(run, new RegExp(`^waiting since \\d\\d:\\d\\d:\\d\\d: ${what}$`, 'm'));
      const status = await runCommandLine(['status', '--json', '--data-dir', folder]);
      assert.match(status.output, /"state": "running"/);
      assert.match(status.output, new RegExp(what.replaceAll('"', '\\\\"')));
      if (role === 'server') await nothingCanBeTold(folder, what);
      process.kill(pid, 'SIGCONT');
      await said(run, new RegExp(`^going on, after \\d+ s: ${what}$`, 'm'));
    }
    assertEnded(await run.ended, 0);
    assert.doesNotMatch((await runCommandLine(['status', '--json', '--data-dir', folder])).output, /is stopped/);
  });

  /** Nobody takes a sweep whose server is stopped for one that does not run. */
  async function nothingCanBeTold(folder: string, what: string): Promise<void> {
    const [sweep = ''] = await readdir(join(folder, 'sweeps'));
    for (const verb of [
      ['pause', sweep],
      ['rerun', sweep, '--failed'],
    ]) {
      const refused = await runCommandLine([...verb, '--data-dir', folder]);
      assertEnded(refused, 1);
      assert.match(refused.errors, new RegExp(`${sweep} cannot be told anything now: ${what}`));
    }
    const view = startCommandLine(['attach', sweep, '--data-dir', folder]);
    await said(view, new RegExp(`^waiting: ${what}$`, 'm'));
    process.kill(view.pid, 'SIGINT');
    await view.ended;
  }

  it('ends with the reason if another process has taken the port of its server', async () => {
    const folder = join(root, 'port taken');
    const run = await startTraining(folder);
    const { pid } = await processOf(folder, 'server');
    const { port } = (await readServerRecord(dataFolderAt(folder))) ?? { port: 0 };
    process.kill(pid, 'SIGKILL');
    const thief = await waitFor('the port', () => listenOn(port));
    const result = await run.ended;
    thief.close();
    assertEnded(result, 1);
    assert.match(result.errors, new RegExp(`cannot be restarted: another process has taken its port ${port}`));
    assert.deepEqual(processesOf(folder), []);
  });

  it('says that no worker answers, and leaves a sweep to the workers of an external server', async () => {
    const folder = join(root, 'external');
    const server = startCommandLine(['server', '--data-dir', join(root, 'server of external')]);
    const address = await waitFor('the address', () => /TEMPORAL_ADDRESS=(\S+)/.exec(server.output())?.[1]);
    const run = startCommandLine(onFolder('run', config, folder, '--address', address));
    const what = 'no worker of this version answers; start one with: volbias worker --address …';
    await said(run, new RegExp(`^waiting since \\d\\d:\\d\\d:\\d\\d: ${what}$`, 'm'));
    const worker = startCommandLine(['worker', '--address', address, '--data-dir', folder]);
    await said(run, new RegExp(`^going on, after \\d+ s: ${what}$`, 'm'));
    await waitFor('a checkpoint', async () => ((await checkpointsOf(folder)).length > 0 ? true : undefined), 240);
    process.kill(run.pid, 'SIGINT');
    const result = await run.ended;
    assertEnded(result, 130);
    assert.match(result.errors, /leaving: the sweep goes on with the server’s workers/);
    assert.ok(processesOf(folder).some(({ role }) => role === 'computing'));
    for (const { pid, ended } of [worker, server]) {
      process.kill(pid, 'SIGTERM');
      assertEnded(await ended, 0);
    }
  });

  it('leaves no process behind when it is killed, and stops in order when its terminal is closed', async () => {
    const folder = join(root, 'killed');
    const killed = await startTraining(folder);
    process.kill(killed.pid, 'SIGKILL');
    assert.equal((await killed.ended).code, null);
    await waitFor('all processes to end', () => (processesOf(folder).length === 0 ? true : undefined));

    const hungUp = startCommandLine(onFolder('run', config, folder));
    await waitFor('a computing process', () => processesOf(folder).find(({ role }) => role === 'computing'), 240);
    process.kill(hungUp.pid, 'SIGHUP');
    assertEnded(await hungUp.ended, 130);
    assert.deepEqual(processesOf(folder), []);
  });
});

async function listenOn(port: number): Promise<Server | undefined> {
  const server = createServer().listen(port, '127.0.0.1');
  return once(server, 'listening').then(
    () => server,
    () => undefined,
  );
}
