import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';

import { isAlive, processIdentity, recordedProcess } from '../../../cli/engine/process-identity.js';
import { lockHolder, takeProjectLock } from '../../../cli/engine/project-lock.js';
import { dataFolderAt, type DataFolder } from '../../../storage/store/data-folder.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

async function newFolder(test: TestContext): Promise<DataFolder> {
  return dataFolderAt(await temporaryFolder(test));
}

async function writeLock(folder: DataFolder, text: string): Promise<void> {
  await mkdir(folder.lock);
  await writeFile(join(folder.lock, '1'), text);
}

/** The record of a process that has ended. */
async function endedProcess(): Promise<{ pid: number; identity: string }> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore' });
  assert.ok(child.pid !== undefined);
  const recorded = recordedProcess(child.pid);
  assert.ok(isAlive(recorded));
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('close', resolve));
  return recorded;
}

describe('the lock of a data folder', () => {
  it('is held by one process at a time, and can be taken again after its release', async (test) => {
    const folder = await newFolder(test);
    const release = await takeProjectLock(folder);
    assert.equal(await lockHolder(folder), process.pid);
    await assert.rejects(takeProjectLock(folder), {
      code: 'ARGUMENT_INVALID',
      message: /another volbias \(process \d+\)/,
    });
    await release();
    assert.equal(await lockHolder(folder), undefined);
    await (
      await takeProjectLock(folder)
    )();
    assert.equal(await lockHolder(folder), undefined);
  });

  it('is taken over from a dead process', async (test) => {
    const folder = await newFolder(test);
    await writeLock(folder, JSON.stringify(await endedProcess()));
    assert.equal(await lockHolder(folder), undefined);
    await (
      await takeProjectLock(folder)
    )();
  });

  it('is taken over if another process has the id of the dead one', async (test) => {
    const folder = await newFolder(test);
    const { identity } = await endedProcess();
    await writeLock(folder, JSON.stringify({ pid: process.pid, identity }));
    assert.equal(await lockHolder(folder), undefined);
    await (
      await takeProjectLock(folder)
    )();
  });

  it('is taken over if a crash left it empty', async (test) => {
    const folder = await newFolder(test);
    await writeLock(folder, '');
    await (
      await takeProjectLock(folder)
    )();
  });

  it('goes to exactly one of many processes that find a dead lock at once', async (test) => {
    const folder = await newFolder(test);
    await writeLock(folder, JSON.stringify(await endedProcess()));
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => takeProjectLock(folder)));
    assert.equal(tries.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.equal(await lockHolder(folder), process.pid);
  });

  it('is never held twice while many processes take and release it', async (test) => {
    const folder = await newFolder(test);
    let holders = 0;
    let taken = 0;
    const takeAndGiveBack = async (): Promise<void> => {
      for (let round = 0; round < 40; round++) {
        const release = await takeProjectLock(folder).catch(() => undefined);
        if (release === undefined) continue;
        holders += 1;
        taken += 1;
        assert.equal(holders, 1);
        await lockHolder(folder);
        holders -= 1;
        await release();
      }
    };
    await Promise.all(Array.from({ length: 8 }, takeAndGiveBack));
    assert.ok(taken > 1);
    assert.equal(await lockHolder(folder), undefined);
  });
});

describe('the identity of a process', () => {
  it('is constant while the process lives, and undefined for a missing process', () => {
    assert.ok(processIdentity(process.pid));
    assert.equal(processIdentity(process.pid), processIdentity(process.pid));
    assert.equal(processIdentity(2 ** 22 + 1), undefined);
  });

  it('differs from that of a process started at another time', async () => {
    assert.notEqual((await endedProcess()).identity, processIdentity(process.pid));
  });
});
