import assert from 'node:assert/strict';
import { randomFillSync } from 'node:crypto';
import { cp, mkdir, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { assertEnded, onFolder, runCommandLine, startCommandLine } from '../../../support/command-line.js';
import { killProcessesOf, processesCanBeFound } from '../../../support/processes.js';
import { artifactsOf, checkpointsOf } from '../../../support/sweeps/sweep-folders.js';
import { tinyConfig, writeConfig } from '../../../support/sweeps/tiny-config.js';
import { temporaryFolderOfFile } from '../../../support/temporary-folder.js';
import { waitFor } from '../../../support/wait-for.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('damaged-database');
const interrupted = join(root, 'interrupted');

const damages: Readonly<Record<string, (database: string) => Promise<void>>> = {
  'is no database': (database) => writeFile(database, randomFillSync(Buffer.alloc(100_000))),
  'is half-made': (database) => writeFile(database, ''),
  'is cut off': async (database) => writeFile(database, (await readFile(database)).subarray(0, 100_000)),
  'has lost its last pages': async (database) => {
    const { size } = await stat(database);
    const file = await open(database, 'r+');
    const half = Math.floor(size / 8192) * 4096;
    await file.write(Buffer.alloc(size - half), 0, size - half, half);
    await file.close();
  },
  'is a folder': async (database) => {
    await rm(database);
    await mkdir(join(database, 'kept'), { recursive: true });
  },
};

describe('a sweep whose Temporal database', { skip, concurrency: 1 }, () => {
  let config: string;
  let expected: Map<string, string>;

  before(async () => {
    const training = { maxEpochs: 100, checkpointMinutes: 0.0005 };
    config = await writeConfig(root, tinyConfig({ name: 'long', models: ['lr'], losses: ['ce'], training }));
    const run = startCommandLine(onFolder('run', config, interrupted));
    await waitFor('a checkpoint', async () => ((await checkpointsOf(interrupted)).length > 0 ? true : undefined), 240);
    process.kill(run.pid, 'SIGINT');
    assertEnded(await run.ended, 130);
    const undisturbed = join(root, 'undisturbed');
    assertEnded(await runCommandLine(onFolder('run', config, undisturbed)), 0);
    expected = await artifactsOf(undisturbed);
  });
  after(async () => {
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  for (const [damage, inflict] of Object.entries(damages)) {
    it(`${damage} goes on from the store, and keeps the database aside`, async () => {
      const folder = join(root, damage);
      // The lock may be made of links.
      await cp(interrupted, folder, { recursive: true, verbatimSymlinks: true });
      const database = join(folder, 'temporal', 'temporal.db');
      await inflict(database);
      const damaged = await readFile(database).catch(() => undefined);
      const result = await runCommandLine(onFolder('run', config, folder));
      assertEnded(result, 0);
      const kept = join(folder, 'temporal', 'damaged.db');
      assert.ok(result.errors.includes(`Temporal's database could not be read; it is now ${kept}.`), result.errors);
      if (damage === 'is a folder') assert.deepEqual(await readdir(kept), ['kept']);
      else if (damage !== 'has lost its last pages') assert.deepEqual(await readFile(kept), damaged);
      assert.deepEqual(await artifactsOf(folder), expected);
    });
  }
});
