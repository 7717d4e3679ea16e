import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, readFileSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';

import { lockHolder, takeLock, waitForLock, type FileLock } from '../../../storage/files/file-lock.js';
import { repositoryRoot } from '../../support/paths.js';
import { runAtOnce } from '../../support/race.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { waitFor } from '../../support/wait-for.js';

const module = join(repositoryRoot, 'dist', 'storage', 'files', 'file-lock.js');

/** A PID namespace of its own, as a container has one: nobody in it or outside sees the other's processes. */
const inNamespace = ['--user', '--map-root-user', '--pid', '--fork', '--mount-proc', '--kill-child'];
const namespaces = spawnSync('unshare', [...inNamespace, 'true']).status === 0;

async function newLock(test: TestContext): Promise<string> {
  return join(await temporaryFolder(test), 'lock');
}

async function take(path: string): Promise<FileLock> {
  const attempt = await takeLock(path);
  assert.ok('release' in attempt, 'the lock is free');
  return attempt;
}

/** A process that takes the lock, says so and waits for its end. */
async function startHolder(test: TestContext, path: string, isolated: boolean): Promise<ChildProcess> {
  const program = `
    import { takeLock } from ${JSON.stringify(module)};
    const attempt = await takeLock(${JSON.stringify(path)});
    console.log('release' in attempt ? 'held' : attempt.holder);
    process.stdin.resume();`;
  const node = [process.execPath, '--input-type=module', '-e', program];
  const [command = '', ...args] = isolated ? ['unshare', ...inNamespace, ...node] : node;
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  test.after(() => child.kill('SIGKILL'));
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  assert.equal(said.toString(), 'held\n');
  return child;
}

async function untilFree(path: string): Promise<void> {
  await waitFor('the lock', async () => ((await lockHolder(path)) === undefined ? true : undefined), 20);
}

describe('a lock', () => {
  it('has one holder at a time, and can be taken again once released', async (test) => {
    const path = await newLock(test);
    assert.equal(await lockHolder(path), undefined);
    const { release } = await take(path);
    assert.deepEqual(await takeLock(path), { holder: `process ${String(process.pid)}` });
    assert.equal(await lockHolder(path), `process ${String(process.pid)}`);
    await release();
    assert.equal(await lockHolder(path), undefined);
    await (await take(path)).release();
  });

  it('is free as soon as its holder has been killed', async (test) => {
    const path = await newLock(test);
    const holder = await startHolder(test, path, false);
    assert.equal(await lockHolder(path), `process ${String(holder.pid)}`);
    holder.kill('SIGKILL');
    await untilFree(path);
    await (await take(path)).release();
  });

  it('stays with a holder that is stopped, however long', async (test) => {
    const path = await newLock(test);
    const holder = await startHolder(test, path, false);
    holder.kill('SIGSTOP');
    assert.ok('holder' in (await takeLock(path)));
  });

  it(
    'is valid between PID namespaces, and free as soon as the holder there has been killed',
    { skip: namespaces ? false : 'this machine gives no namespaces to this user' },
    async (test) => {
      const path = await newLock(test);
      const holder = await startHolder(test, path, true);
      assert.ok('holder' in (await takeLock(path)));
      holder.kill('SIGKILL');
      await untilFree(path);
      await (await take(path)).release();
    },
  );

  it('stays with a process that has inherited the file, when its first holder lets go', async (test) => {
    const path = await newLock(test);
    const { descriptor } = await take(path);
    const heir = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
      stdio: ['pipe', 'ignore', 'ignore', descriptor],
    });
    test.after(() => heir.kill('SIGKILL'));
    closeSync(descriptor);
    assert.ok('holder' in (await takeLock(path)));
    heir.kill('SIGKILL');
    await untilFree(path);
  });

  it('is held by one at a time of many processes', async (test) => {
    const path = await newLock(test);
    const program = `
      import { mkdirSync, rmdirSync } from 'node:fs';
      import { waitForLock } from ${JSON.stringify(module)};
      console.log('ready');
      for await (const _ of process.stdin);
      for (let round = 0; round < 10; round++) {
        const release = await waitForLock(${JSON.stringify(path)}, 60);
        mkdirSync(${JSON.stringify(`${path}.working`)});
        rmdirSync(${JSON.stringify(`${path}.working`)});
        await release();
      }`;
    assert.equal(await runAtOnce(program, 4), '');
  });

  it('is waited for, but not forever', async (test) => {
    const path = await newLock(test);
    const { release } = await take(path);
    await assert.rejects(waitForLock(path, 0.1), /lock is still locked after 0\.1 s, now by process \d+$/);
    const waiting = waitForLock(path, 60);
    await release();
    await (
      await waiting
    )();
  });

  it('names the host of a holder elsewhere, and knows nothing of one whose record is damaged', async (test) => {
    const path = await newLock(test);
    const { release } = await take(path);
    assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), { pid: process.pid, host: hostname() });
    await writeFile(path, '{"pid":7,"host":"elsewhere"}');
    assert.equal(await lockHolder(path), 'process 7 on elsewhere');
    await writeFile(path, '{"pid":');
    assert.equal(await lockHolder(path), 'another process');
    await release();
  });

  it('is an error that names the file where flock is missing or cannot lock', async (test) => {
    const path = await newLock(test);
    const folder = await temporaryFolder(test);
    const before = process.env.PATH;
    test.after(() => (process.env.PATH = before));
    process.env.PATH = folder;
    await assert.rejects(takeLock(path), {
      code: 'FILE_UNREADABLE',
      message: /lock cannot be locked by flock .*ENOENT/,
    });
    const refusing = join(folder, 'flock');
    await writeFile(refusing, '#!/bin/sh\necho "flock: 3: No locks available" >&2\nexit 71\n');
    await chmod(refusing, 0o755);
    await assert.rejects(takeLock(path), { message: /No locks available; docs\/decisions/ });
    process.env.PATH = before;
    await (await take(path)).release();
    await mkdir(`${path}.folder`);
    await assert.rejects(takeLock(`${path}.folder`), { code: 'EISDIR' });
  });
});
