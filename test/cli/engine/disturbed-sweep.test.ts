import assert from 'node:assert/strict';
import { readdir, rm, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { assertEnded, onFolder, runCommandLine, startCommandLine } from '../../support/command-line.js';
import { killProcessesOf, processesCanBeFound, processesOf, type FoundProcess } from '../../support/processes.js';
import { flipBit } from '../../support/damage.js';
import { artifactsOf, checkpointsOf, filesBelow, reportOf, sweepIdOf } from '../../support/sweeps/sweep-folders.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';
import { tinyConfig, writeConfig } from '../../support/sweeps/tiny-config.js';
import { waitFor } from '../../support/wait-for.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('disturbed');
const undisturbed = join(root, 'undisturbed');

function processOf(folder: string, role: FoundProcess['role']): Promise<FoundProcess> {
  return waitFor(`a process that is the ${role}`, () => processesOf(folder).find((found) => found.role === role));
}

/** Waits until a running training has saved a checkpoint; it deletes them when it ends. */
async function untilTraining(folder: string): Promise<void> {
  await waitFor('a training that has saved a checkpoint', async () =>
    (await checkpointsOf(folder)).length > 0 ? true : undefined,
  );
}

async function untilGone(folder: string, pid: number): Promise<void> {
  await waitFor(`process ${pid} to be gone`, () =>
    processesOf(folder).some((found) => found.pid === pid) ? undefined : true,
  );
}

async function assertSameAsUndisturbed(folder: string): Promise<void> {
  const found = await artifactsOf(folder);
  assert.ok(found.size > 0);
  assert.deepEqual(found, await artifactsOf(undisturbed));
  const sweep = await sweepIdOf(folder, 'long');
  const [expectedReport, report] = [await reportOf(undisturbed, sweep), await reportOf(folder, sweep)];
  assert.deepEqual([...report.keys()], [...expectedReport.keys()]);
  for (const [name, bytes] of report) assert.ok(expectedReport.get(name)?.equals(bytes), `${name} has different bytes`);
}

describe('a disturbed sweep', { skip, concurrency: 1 }, () => {
  let config: string;

  before(async () => {
    // Trainings long enough to be disturbed, with several checkpoints a second.
    const training = { maxEpochs: 100, checkpointMinutes: 0.002 };
    config = await writeConfig(root, tinyConfig({ name: 'long', models: ['unet'], losses: ['ce'], training }));
    assertEnded(await runCommandLine(onFolder('run', config, undisturbed)), 0);
    assert.deepEqual(await checkpointsOf(undisturbed), []);
  });
  after(async () => {
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  it('saves checkpoints on Ctrl-C, leaves no process behind, and resumes to the same bytes', async () => {
    const folder = join(root, 'interrupted');
    const run = startCommandLine(onFolder('run', config, folder));
    await untilTraining(folder);
    // As a terminal does: to the whole process group.
    process.kill(-run.pid, 'SIGINT');
    const result = await run.ended;
    assertEnded(result, 130);
    assert.match(result.errors, /the same command resumes it/);
    assert.notDeepEqual(await checkpointsOf(folder), []);
    assert.deepEqual(processesOf(folder), []);

    assertEnded(await runCommandLine(onFolder('run', config, folder)), 0);
    await assertSameAsUndisturbed(folder);
  });

  it('recovers from a killed worker and a killed server, and ends with the same bytes', async () => {
    const folder = join(root, 'worker and server');
    const run = startCommandLine(onFolder('run', config, folder));
    await untilTraining(folder);
    const worker = await processOf(folder, 'worker');
    const orphans = processesOf(folder).filter(({ role }) => role === 'computing');
    process.kill(worker.pid, 'SIGKILL');
    await untilGone(folder, worker.pid);
    // They die with their parent.
    for (const { pid } of orphans) await untilGone(folder, pid);

    await processOf(folder, 'worker');
    await untilTraining(folder);
    const server = await processOf(folder, 'server');
    process.kill(server.pid, 'SIGKILL');
    await untilGone(folder, server.pid);

    assertEnded(await run.ended, 0);
    assert.deepEqual(processesOf(folder), []);
    await assertSameAsUndisturbed(folder);
  });

  it('recovers when the worker and the server are killed at once', async () => {
    const folder = join(root, 'both');
    const run = startCommandLine(onFolder('run', config, folder));
    await untilTraining(folder);
    const lost = [await processOf(folder, 'worker'), await processOf(folder, 'server')];
    for (const { pid } of lost) process.kill(pid, 'SIGKILL');
    assertEnded(await run.ended, 0);
    await assertSameAsUndisturbed(folder);
  });

  it('fails with the reason if its server cannot restart, and can be resumed later', async () => {
    const folder = join(root, 'no server');
    const run = startCommandLine(onFolder('run', config, folder));
    await untilTraining(folder);
    const server = await processOf(folder, 'server');
    // The database lies where nothing can be made, so the server dies on startup.
    const obstacle = join(folder, 'temporal', 'temporal.db');
    for (const name of await readdir(join(folder, 'temporal'))) {
      if (name.startsWith('temporal.db')) await rm(join(folder, 'temporal', name));
    }
    await symlink(join(folder, 'not there', 'temporal.db'), obstacle);
    process.kill(server.pid, 'SIGKILL');
    const result = await run.ended;
    assertEnded(result, 1);
    assert.match(result.errors, /Temporal's server exits whenever it is started; see its log: .*server\.log/);
    assert.deepEqual(processesOf(folder), []);

    await rm(obstacle);
    assertEnded(await runCommandLine(onFolder('run', config, folder)), 0);
    await assertSameAsUndisturbed(folder);
  });

  it('begins a training anew, with a word, if all its checkpoints are damaged', async () => {
    const folder = join(root, 'damaged checkpoints');
    const run = startCommandLine(onFolder('run', config, folder));
    await untilTraining(folder);
    process.kill(run.pid, 'SIGINT');
    assertEnded(await run.ended, 130);
    const damaged = (await filesBelow(join(folder, 'checkpoints'))).filter((path) => path.endsWith('.bin'));
    for (const path of damaged) await flipBit(path, 400);
    const result = await runCommandLine(onFolder('run', config, folder));
    assertEnded(result, 0);
    assert.match(
      result.errors,
      /^train flat\/unet\/ce\/fold-\d begins anew: no checkpoint in .* matches its own SHA-256; its checkpoints are now in .*quarantine/m,
    );
    const kept = (await filesBelow(join(folder, 'quarantine'))).map((path) => basename(path));
    assert.deepEqual(kept.sort(), damaged.map((path) => basename(path)).sort());
    await assertSameAsUndisturbed(folder);
  });

  it('resumes after all processes were killed, and ends with the same bytes', async () => {
    const folder = join(root, 'killed');
    const run = startCommandLine(onFolder('run', config, folder));
    await untilTraining(folder);
    killProcessesOf(folder);
    assert.equal((await run.ended).code, null);
    assert.notDeepEqual(await checkpointsOf(folder), []);

    assertEnded(await runCommandLine(onFolder('run', config, folder)), 0);
    assert.deepEqual(await checkpointsOf(folder), []);
    await assertSameAsUndisturbed(folder);
  });
});
