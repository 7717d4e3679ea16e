import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { loadSetup, temporaryFolder } from './setup-scripts.js';

const { takeLock } = await loadSetup('lock.mjs');

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
    assert.equal(existsSync(path), false);
  });

  it('is taken from a process that is gone, and from another process with the same number', async (test) => {
    const folder = await temporaryFolder(test);
    const gone = { host: hostname(), process: 2 ** 22 + 1, started: '1' };
    const reused = { host: hostname(), process: process.pid, started: '1' };
    for (const [index, holder] of [gone, reused].entries()) {
      const path = join(folder, `${String(index)}.lock`);
      await writeFile(path, JSON.stringify(holder));
      const release = await takeLock(path, () => assert.fail('it waits for nobody'));
      release();
      assert.equal(existsSync(path), false);
    }
  });

  it('does not release a lock that has become somebody else’s', async (test) => {
    const path = join(await temporaryFolder(test), 'setup.lock');
    const release = await takeLock(path, () => undefined);
    await writeFile(path, 'taken over');
    release();
    assert.equal(existsSync(path), true);
  });
});
