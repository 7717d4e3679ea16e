import assert from 'node:assert/strict';
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { stepNamed } from '../../../steps/pipeline.js';
import { train } from '../../../steps/train.js';
import { readRecordedWork } from '../../../storage/store/work-records.js';
import { assertEnded, onFolder, runCommandLine, startCommandLine } from '../../support/command-line.js';
import { copyOfPackage } from '../../support/package-copy.js';
import { killProcessesOf, processesCanBeFound } from '../../support/processes.js';
import { slowedUntil } from '../../support/slow-trainings.js';
import { checkpointsOf, sweepIdOf } from '../../support/sweeps/sweep-folders.js';
import { openTestStore } from '../../support/sweeps/test-store.js';
import { tinyConfig, writeConfig } from '../../support/sweeps/tiny-config.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';
import { waitFor } from '../../support/wait-for.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('upgrade');
const interrupted = join(root, 'interrupted');

describe('a sweep on a shared server at an upgrade', { skip, concurrency: 1 }, () => {
  after(() => {
    killProcessesOf(root);
  });

  it('stays with its own workers until it is moved, and then goes on from its checkpoints', async () => {
    const training = { maxEpochs: 150, checkpointMinutes: 1e-9 };
    const config = await writeConfig(root, tinyConfig({ name: 'long', models: ['lr'], losses: ['ce'], training }));
    const changed = join(root, 'newer package');
    await mkdir(changed);
    // Reports have another version, so trainings have the same keys.
    const version = (one: number): string => `const version = ${one};`;
    const { version: reports } = stepNamed('report');
    await copyOfPackage(changed, { 'steps/report.js': [version(reports), version(reports + 1)] });

    const folder = join(root, 'shared');
    const server = startCommandLine(['server', '--data-dir', join(root, 'server')]);
    const address = await waitFor('the address', () => /TEMPORAL_ADDRESS=(\S+)/.exec(server.output())?.[1]);
    const at = ['--address', address, '--data-dir', folder];
    const environment = slowedUntil(`${folder}.go`);
    const worker = startCommandLine(['worker', ...at, '--slots', '2'], { environment });
    const run = startCommandLine(['run', config, ...at]);
    await waitFor('checkpoints', async () => ((await checkpointsOf(folder)).length === 2 ? true : undefined), 240);
    const sweep = await sweepIdOf(folder, 'long');

    const nothing = await runCommandLine(['upgrade', sweep, ...at]);
    assertEnded(nothing, 0);
    assert.match(nothing.output, /No other version of volbias has long-[0-9a-f]{10} running on this server/);
    const moved = await runCommandLine(['upgrade', sweep, ...at, '--reason', 'new reports'], { package: changed });
    assertEnded(moved, 0);
    assert.match(moved.output, /^It has ended\.\nTo go on with this version: volbias run \S+long\.json --address/);
    assert.notEqual((await run.ended).code, 0);
    process.kill(worker.pid, 'SIGTERM');
    assertEnded(await worker.ended, 0);
    assert.equal((await checkpointsOf(folder)).length, 2);

    await writeFile(`${folder}.go`, '');
    const newer = startCommandLine(['worker', ...at], { package: changed });
    assertEnded(await runCommandLine(['run', config, ...at], { package: changed }), 0);
    const records = await openTestStore(folder).lineage.read();
    assert.equal(records.filter(({ kind }) => kind === 'resumption').length, 2);
    const [action] = records.flatMap(({ kind, spec }) => (kind === 'action' ? [spec] : []));
    assert.deepEqual([action?.action, action?.reason], ['upgrade', 'new reports']);
    for (const { pid, ended } of [newer, server]) {
      process.kill(pid, 'SIGTERM');
      assertEnded(await ended, 0);
    }
  });
});

describe('a sweep that was interrupted before an upgrade', { skip, concurrency: 1 }, () => {
  let config: string;

  before(async () => {
    const training = { maxEpochs: 150, checkpointMinutes: 0.0005 };
    config = await writeConfig(root, tinyConfig({ name: 'long', models: ['lr'], losses: ['ce'], training }));
    const run = startCommandLine(onFolder('run', config, interrupted));
    await waitFor('a checkpoint', async () => ((await checkpointsOf(interrupted)).length > 0 ? true : undefined), 240);
    process.kill(run.pid, 'SIGINT');
    assertEnded(await run.ended, 130);
  });
  after(async () => {
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  /** The package with a change, and a copy of the interrupted run's data folder. */
  async function upgraded(
    name: string,
    changes: Parameters<typeof copyOfPackage>[1],
  ): Promise<{ changed: string; folder: string }> {
    const changed = join(root, `${name} package`);
    await mkdir(changed);
    await copyOfPackage(changed, changes);
    const folder = join(root, name);
    await cp(interrupted, folder, { recursive: true });
    return { changed, folder };
  }

  it('begins anew if a step has another version, so that no key describes the work of another one', async () => {
    const version = (one: number): string => `version: ${one},`;
    const { changed, folder } = await upgraded('raised', {
      'steps/train.js': [version(train.version), version(train.version + 1)],
    });
    const former = await readdir(join(folder, 'checkpoints'));
    const result = await runCommandLine(onFolder('run', config, folder), { package: changed });
    assertEnded(result, 0);
    assert.match(result.errors, /another version of volbias was interrupted here/);
    const works = (await readRecordedWork(openTestStore(folder).lineage)).filter(({ step }) => step === 'train');
    assert.deepEqual(
      works.map((work) => work.version),
      [train.version + 1, train.version + 1],
    );
    assert.ok(former.length > 0 && works.every(({ key }) => !former.includes(key)));
  });

  it('ends with the reason if the workflow cannot be replayed, and begins anew in the next run', async () => {
    const { changed, folder } = await upgraded('other workflow', {
      'workflow-bundle.js': ['.findArtifacts(', '.findArtifactsElsewhere('],
    });
    const result = await runCommandLine(onFolder('run', config, folder), { package: changed });
    assertEnded(result, 1);
    assert.match(
      result.errors,
      /the sweep's workflow cannot go on: .*Nondeterminism.*; the same command starts it anew/,
    );
    assertEnded(await runCommandLine(onFolder('run', config, folder)), 0);
  });

  it('goes on without a unit whose workflow cannot be replayed, and says why', async () => {
    const { changed, folder } = await upgraded('other unit', {
      'workflow-bundle.js': [
        /async function sharedUnit\(step, request\) \{/g,
        'async function sharedUnit(step, request) {\n step = { ...step, name: "evaluate" };',
      ],
    });
    const result = await runCommandLine(onFolder('run', config, folder), { package: changed });
    assertEnded(result, 1);
    assert.match(
      result.output,
      /FAILED train flat\/lr\/ce\/fold-0 \(GivenUp\): its workflow was ended: it cannot go on: .*Nondeterminism/,
    );
  });
});
