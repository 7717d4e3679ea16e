import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { assertEnded, runCommandLine } from '../../support/command-line.js';
import { hippocampusFolder, repositoryRoot } from '../../support/paths.js';
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
    const output = join(folder, 'figures');
    await mkdir(output, { mode: 0o555 });
    const image = join(hippocampusFolder, 'imagesTr', 'hippocampus_006.nii.gz');
    const cases: readonly (readonly [args: string[], path: string, remedy: string])[] = [
      [['run', config], '.volbias', 'write to another place (--data-dir or VOLBIAS_DATA_DIR)'],
      [['config', 'schema', '--write'], 'config.schema.json', 'write to another place'],
      [['resample', image, 'half.nii.gz', '--spacing', '2'], 'half.nii.gz', 'write to another place'],
      [['theory', '--output', output], join(output, 'figure-1.'), 'write to another place (--output)'],
      [['init', hippocampusFolder], 'hippocampus.yaml', 'choose another file with --output'],
    ];
    for (const [args, path, remedy] of cases) {
      const result = spawnSync(process.execPath, [main, ...args], options);
      assert.notEqual(result.status, 0);
      const [line = '', ...rest] = result.stderr.split('\n');
      assert.deepEqual(rest, [''], result.stderr);
      assert.ok(line.startsWith('volbias: ') && line.includes(path) && line.endsWith(remedy), line);
      assert.match(line, /: permission denied(: you may not write|;)/);
      assert.doesNotMatch(line, /EACCES|\.tmp/);
    }
    await chmod(folder, 0o755);
  });
});
