import assert from 'node:assert/strict';
import { readFileSync, readlinkSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';

import { runAtOnce } from '../support/race.js';
import { loadSetup, setupModulePath, temporaryFolder } from './setup-scripts.js';

const { takeLock } = await loadSetup('system/lock.mjs');

const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
const gone = {
  space: `${hostname()} ${boot} ${readlinkSync('/proc/self/ns/pid')}`,
  process: 2 ** 22 + 1,
  started: '1',
};

async function writeClaim(path: string, number: number, holder: object): Promise<void> {
  await mkdir(path, { recursive: true });
  await symlink(JSON.stringify(holder), join(path, String(number)));
}

/**
 * Processes that are told to take a lock at the same moment. Each does its work in a folder that only one can make at a
 * time, and prints what went wrong.
 */
async function takeAtOnce(path: string, processes: number): Promise<string> {
  const program = `
    import { mkdirSync, rmdirSync } from 'node:fs';
    import { setTimeout as sleep } from 'node:timers/promises';
    import { takeLock } from ${JSON.stringify(pathToFileURL(setupModulePath('system/lock.mjs')).href)};
    console.log('ready');
    for await (const _ of process.stdin);
    const release = await takeLock(${JSON.stringify(path)}, () => undefined);
    mkdirSync(${JSON.stringify(`${path}.working`)});
    await sleep(5);
    rmdirSync(${JSON.stringify(`${path}.working`)});
    release();`;
  return runAtOnce(program, processes);
}

describe("set-up's lock", () => {
  it('lets a second set-up wait until the first has finished', async (test) => {
    const path = join(await temporaryFolder(test), 'setup.lock');
    const waitedFor: number[] = [];
    const release = await takeLock(path, () => undefined);
    let taken = false;
    const second = takeLock(path, (holder) => {
      waitedFor.push(holder);
      assert.equal(taken, false);
      release();
    });
    const releaseSecond = await second;
    taken = true;
    assert.deepEqual(waitedFor, [process.pid], 'it was told once whom it waits for');
    releaseSecond();
  });

  it('is taken from a process that is gone, and from another process with the same number', async (test) => {
    const path = join(await temporaryFolder(test), 'setup.lock');
    const reused = { ...gone, process: process.pid };
    for (const [index, holder] of [gone, reused].entries()) {
      await writeClaim(path, 10 * (index + 1), holder);
      const release = await takeLock(path, () => assert.fail('it waits for nobody'));
      release();
    }
  });

  it('is not taken from a process of another PID namespace, whose number says nothing here', async (test) => {
    const path = join(await temporaryFolder(test), 'setup.lock');
    await writeClaim(path, 1, { ...gone, space: `${hostname()} ${boot} pid:[1]` });
    const waitedFor: number[] = [];
    const release = await takeLock(path, (holder) => {
      waitedFor.push(holder);
      void writeClaim(path, 2, {});
    });
    release();
    assert.deepEqual(waitedFor, [gone.process]);
  });

  it('is held by one at a time of many processes that find a dead one’s lock at once', async (test) => {
    const folder = await temporaryFolder(test);
    for (const round of [1, 2, 3]) {
      const path = join(folder, `${String(round)}.lock`);
      await writeClaim(path, 1, gone);
      assert.equal(await takeAtOnce(path, 8), '');
    }
  });

  it('is not given back for whoever has taken it over', async (test) => {
    const path = join(await temporaryFolder(test), 'setup.lock');
    const release = await takeLock(path, () => undefined);
    await writeClaim(path, 2, { space: 'elsewhere', process: 1, started: '1' });
    release();
    const waitedFor: number[] = [];
    const next = await takeLock(path, (holder) => {
      waitedFor.push(holder);
      void writeClaim(path, 3, {});
    });
    next();
    assert.deepEqual(waitedFor, [1]);
  });
});
