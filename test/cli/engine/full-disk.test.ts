import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { assertEnded, onFolder, runCommandLine, startCommandLine } from '../../support/command-line.js';
import { killProcessesOf, processesCanBeFound } from '../../support/processes.js';
import { artifactsOf, checkpointsOf } from '../../support/sweeps/sweep-folders.js';
import { writeLongConfig } from '../../support/sweeps/tiny-config.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';
import { waitFor } from '../../support/wait-for.js';

const root = temporaryFolderOfFile('full-disk');
const disk = join(root, 'disk');
mkdirSync(disk);
const diskBytes = 64 << 20;
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${String(diskBytes)}`, 'volbias', disk]).status === 0;
const skip = processesCanBeFound && isMounted ? false : 'a small disk cannot be mounted here';

describe('a run on a disk that becomes full', { skip }, () => {
  let config: string;

  before(async () => {
    config = await writeLongConfig(root);
  });
  after(async () => {
    killProcessesOf(root);
    if (isMounted) spawnSync('umount', ['--lazy', disk]);
    await rm(root, { recursive: true, force: true });
  });

  it('says so, as does status, and goes on to the same bytes once there is room', async () => {
    const undisturbed = join(root, 'undisturbed');
    assertEnded(await runCommandLine(onFolder('run', config, undisturbed)), 0);
    const folder = join(disk, 'data');
    const run = startCommandLine(onFolder('run', config, folder));
    await waitFor('a checkpoint', async () => ((await checkpointsOf(folder)).length > 0 ? true : undefined), 240);

    const filler = join(disk, 'filler');
    // What fails for want of room deletes its files, which makes room for a moment.
    const ending = new AbortController();
    let isFull = false;
    const filling = (async () => {
      while (!ending.signal.aborted) {
        const { bavail, bsize } = await statfs(disk);
        // Never more than this disk holds, should it be another one by now.
        const size = Math.min(bavail * bsize, diskBytes);
        await writeFile(filler, Buffer.alloc(size), { flag: 'a' }).catch(() => undefined);
        isFull ||= bavail === 0;
        await pause(5);
      }
    })();
    try {
      await waitFor('the disk to be full', () => (isFull ? true : undefined));
      const what = `nothing can be written in ${folder}: its disk is full`;
      await waitFor('word of it', () => (run.errors().includes(what) ? true : undefined));
      await waitFor('word of it by status', async () => {
        const status = await runCommandLine(['status', '--json', '--data-dir', folder]);
        return status.output.includes(what) ? true : undefined;
      });
    } finally {
      ending.abort();
      await filling;
    }
    await rm(filler);
    await waitFor('word of its end', () =>
      /going on, after \d+ s: nothing can be/.test(run.errors()) ? true : undefined,
    );
    assertEnded(await run.ended, 0);
    assert.deepEqual(await artifactsOf(folder), await artifactsOf(undisturbed));
  });
});
