import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';

import { runAtOnce } from '../support/race.js';
import { loadSetup, setupModulePath, temporaryFolder } from './setup-scripts.js';

const { takeLock } = await loadSetup('system/lock.mjs');
const module = JSON.stringify(pathToFileURL(setupModulePath('system/lock.mjs')).href);

/**
 * Processes that are told to take a lock at the same moment. Each does its work in a folder that only one can make at a
 * time, and prints what went wrong.
 */
async function takeAtOnce(path: string, processes: number): Promise<string> {
  const program = `
    import { mkdirSync, rmdirSync } from 'node:fs';
    import { takeLock } from ${module};
    console.log('ready');
    for await (const _ of process.stdin);
    const release = await takeLock(${JSON.stringify(path)}, () => undefined);
    mkdirSync(${JSON.stringify(`${path}.working`)});
    rmdirSync(${JSON.stringify(`${path}.working`)});
    release();`;
  return runAtOnce(program, processes);
}

describe("set-up's lock", () => {
  it('lets a second set-up wait until the first has finished', async (test) => {
    const path = join(await temporaryFolder(test), 'setup.lock');
    const waitedFor: string[] = [];
    const release = await takeLock(path, () => undefined);
    const releaseSecond = await takeLock(path, (holder) => {
      waitedFor.push(holder);
      release();
    });
    assert.deepEqual(waitedFor, [String(process.pid)], 'it was told once whom it waits for');
    releaseSecond();
  });

  it('is given back by a process that is killed', async (test) => {
    const path = join(await temporaryFolder(test), 'setup.lock');
    const program = `
      import { takeLock } from ${module};
      await takeLock(${JSON.stringify(path)}, () => undefined);
      console.log('held');
      process.stdin.resume();`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', program]);
    test.after(() => holder.kill('SIGKILL'));
    await once(holder.stdout, 'data');
    const release = await takeLock(path, (pid) => {
      assert.equal(pid, String(holder.pid));
      holder.kill('SIGKILL');
    });
    release();
  });

  it('is held by one at a time of many processes', async (test) => {
    const path = join(await temporaryFolder(test), 'setup.lock');
    assert.equal(await takeAtOnce(path, 6), '');
  });
});
