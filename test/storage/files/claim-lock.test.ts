import assert from 'node:assert/strict';
import { lstat, lutimes, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';

import { lockHolder, nameOf, takeLock, waitForLock } from '../../../storage/files/claim-lock.js';
import { processSpace } from '../../../storage/machine/process-identity.js';
import { repositoryRoot } from '../../support/paths.js';
import { endedProcess } from '../../support/processes.js';
import { runAtOnce } from '../../support/race.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { waitFor } from '../../support/wait-for.js';

const module = join(repositoryRoot, 'dist', 'storage', 'files', 'claim-lock.js');

async function newLock(test: TestContext): Promise<string> {
  return join(await temporaryFolder(test), 'lock');
}

interface ClaimText {
  readonly pid: number;
  readonly identity: string;
  readonly host?: string;
  readonly space?: string;
}

/** Creates a claim as another process would. */
async function leaveClaim(folder: string, claim: ClaimText, number = 1): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, String(number));
  await symlink(JSON.stringify({ host: hostname(), space: processSpace(), ...claim }), file);
  return file;
}

async function take(folder: string): Promise<() => Promise<void>> {
  const attempt = await takeLock(folder);
  assert.ok('release' in attempt, 'the lock is free');
  return attempt.release;
}

/** Starts processes that wait for the lock at the same time and fail if two hold it; returns what they print. */
async function takeAtOnce(folder: string, processes: number, rounds: number): Promise<string> {
  const program = `
    import { mkdirSync, rmdirSync } from 'node:fs';
    import { waitForLock } from ${JSON.stringify(module)};
    console.log('ready');
    for await (const _ of process.stdin);
    for (let round = 0; round < ${String(rounds)}; round++) {
      const release = await waitForLock(${JSON.stringify(folder)}, 60);
      mkdirSync(${JSON.stringify(`${folder}.working`)});
      rmdirSync(${JSON.stringify(`${folder}.working`)});
      await release();
    }`;
  return runAtOnce(program, processes);
}

describe('a lock', () => {
  it('has one holder at a time, and can be taken again once released', async (test) => {
    const folder = await newLock(test);
    assert.equal(await lockHolder(folder), undefined);
    const release = await take(folder);
    const attempt = await takeLock(folder);
    assert.ok('holder' in attempt);
    assert.equal(attempt.holder.pid, process.pid);
    assert.equal((await lockHolder(folder))?.pid, process.pid);
    await release();
    assert.equal(await lockHolder(folder), undefined);
    await (
      await take(folder)
    )();
  });

  it('is taken over from a process that has died', async (test) => {
    const folder = await newLock(test);
    await leaveClaim(folder, await endedProcess());
    assert.equal(await lockHolder(folder), undefined);
    await (
      await take(folder)
    )();
  });

  it('is taken over if another process has reused the number of the dead one', async (test) => {
    const folder = await newLock(test);
    const { identity } = await endedProcess();
    await leaveClaim(folder, { pid: process.pid, identity });
    await (
      await take(folder)
    )();
  });

  it('is taken over if the highest claim is not a link, as in earlier versions', async (test) => {
    const folder = await newLock(test);
    await mkdir(folder);
    await writeFile(join(folder, '7'), JSON.stringify(await endedProcess()));
    assert.equal(await lockHolder(folder), undefined);
    await (
      await take(folder)
    )();
  });

  it('goes to exactly one of many callers that find a dead holder’s lock at once', async (test) => {
    const folder = await newLock(test);
    await leaveClaim(folder, await endedProcess());
    const attempts = await Promise.all(Array.from({ length: 20 }, () => takeLock(folder)));
    assert.equal(attempts.filter((attempt) => 'release' in attempt).length, 1);
    assert.equal((await lockHolder(folder))?.pid, process.pid);
  });

  it('has one holder at a time among many processes, starting from a dead one’s claim', async (test) => {
    const folder = await newLock(test);
    await leaveClaim(folder, await endedProcess());
    assert.equal(await takeAtOnce(folder, 6, 30), '');
    assert.ok((await readdir(folder)).length <= 3, 'superseded claims are removed');
  });

  it('is never held twice while many take and release it', async (test) => {
    const folder = await newLock(test);
    let holders = 0;
    let taken = 0;
    const takeAndGiveBack = async (): Promise<void> => {
      for (let round = 0; round < 40; round++) {
        const attempt = await takeLock(folder);
        if (!('release' in attempt)) continue;
        holders += 1;
        taken += 1;
        assert.equal(holders, 1);
        await lockHolder(folder);
        holders -= 1;
        await attempt.release();
      }
    };
    await Promise.all(Array.from({ length: 8 }, takeAndGiveBack));
    assert.ok(taken > 1);
    assert.equal(await lockHolder(folder), undefined);
  });

  it('is waited for, but not forever', async (test) => {
    const folder = await newLock(test);
    const release = await take(folder);
    await assert.rejects(waitForLock(folder, 0.1), /lock is still locked after 0\.1 s, now by process \d+$/);
    const waiting = waitForLock(folder, 60);
    await release();
    await (
      await waiting
    )();
  });
});

describe('a lock that another machine holds', () => {
  const elsewhere = { pid: process.pid, identity: 'a boot 1', host: 'elsewhere', space: 'elsewhere a boot' };

  it('counts as held until it has not been renewed for two minutes, even without such a process here', async (test) => {
    const folder = await newLock(test);
    const file = await leaveClaim(folder, elsewhere);
    const attempt = await takeLock(folder);
    assert.ok('holder' in attempt);
    assert.equal(nameOf(attempt.holder), `process ${String(process.pid)} on elsewhere`);
    const renewed = (await lstat(file)).mtimeMs / 1000;
    await lutimes(file, renewed, renewed - 100);
    assert.ok('holder' in (await takeLock(folder)));
    await lutimes(file, renewed, renewed - 121);
    assert.equal(await lockHolder(folder), undefined);
    await (
      await take(folder)
    )();
  });

  it('is not released by its former holder once another has taken it over', async (test) => {
    const folder = await newLock(test);
    const release = await take(folder);
    await leaveClaim(folder, elsewhere, 2);
    await release();
    assert.equal((await lockHolder(folder))?.host, 'elsewhere');
  });
});

it('a lock is renewed every fifteen seconds until it is released', async (test) => {
  test.mock.timers.enable({ apis: ['setInterval'] });
  const folder = await newLock(test);
  const release = await take(folder);
  const file = join(folder, '1');
  const longAgo = new Date('2020-01-01');
  await lutimes(file, longAgo, longAgo);
  test.mock.timers.tick(15_000);
  await waitFor('the renewal', async () => ((await lstat(file)).mtime > longAgo ? true : undefined));
  await release();
  await lutimes(file, longAgo, longAgo);
  test.mock.timers.tick(60_000);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual((await lstat(file)).mtime, longAgo);
});
