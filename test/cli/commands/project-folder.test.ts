import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { assertEnded, runCommandLine } from '../../support/command-line.js';
import { repositoryRoot } from '../../support/paths.js';
import { tinyConfig, writeConfig } from '../../support/sweeps/tiny-config.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('the data folder', () => {
  it('is found from any folder below the project’s, and named', async (test) => {
    const project = await temporaryFolder(test);
    const below = join(project, 'configs', 'deeper');
    await mkdir(join(project, '.volbias', 'sweeps', 'tiny-0123456789'), { recursive: true });
    await mkdir(below, { recursive: true });
    const result = await runCommandLine(['status', '--json'], { cwd: below });
    assertEnded(result, 0);
    assert.equal(result.errors, `data folder: ${join(project, '.volbias')}\n`);
    assert.match(result.output, /tiny-0123456789/);
    assert.deepEqual(await readdir(below), [], 'no other is begun');
  });

  it('is the one of the current folder where there is one, and without a word', async (test) => {
    const project = await temporaryFolder(test);
    const below = join(project, 'own');
    await mkdir(join(project, '.volbias'));
    await mkdir(join(below, '.volbias'), { recursive: true });
    const result = await runCommandLine(['status'], { cwd: below });
    assertEnded(result, 0);
    assert.equal(result.errors, '');
    assert.match(result.output, new RegExp(`No sweep has run in ${join(below, '.volbias')} yet`));
  });

  it('begins in the current folder where no folder above has one', async (test) => {
    const folder = await temporaryFolder(test);
    const config = await writeConfig(folder, tinyConfig({}));
    assertEnded(await runCommandLine(['plan', config], { cwd: folder }), 0);
    const status = await runCommandLine(['status'], { cwd: folder });
    assert.match(status.output, new RegExp(`in ${join(folder, '.volbias')} yet`));
  });

  it('that may not be written is named with the remedy, without the code of the system', async (test) => {
    const folder = await temporaryFolder(test);
    const config = await writeConfig(folder, tinyConfig({}));
    await chmod(folder, 0o555);
    const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const main = join(repositoryRoot, 'dist', 'cli', 'main.js');
    const options = {
      ...nobody,
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder },
      encoding: 'utf8',
    } as const;
    for (const args of [
      ['run', config],
      ['config', 'schema', '--write'],
      ['init', join(repositoryRoot, 'test', 'fixtures', 'hippocampus')],
    ]) {
      const result = spawnSync(process.execPath, [main, ...args], options);
      assert.notEqual(result.status, 0);
      assert.match(
        result.stderr,
        /^volbias: [^\n]*: permission (to write )?is missing; [^\n]*(--data-dir|--output)[^\n]*\n$/,
      );
      assert.doesNotMatch(result.stderr, /EACCES/);
    }
    await chmod(folder, 0o755);
  });
});
