import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';

import { assertEnded, runCommandLine } from '../../support/command-line.js';
import { repositoryRoot } from '../../support/paths.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** A project with two sweeps, and a volbias on PATH. */
async function project(test: TestContext): Promise<{ folder: string; bin: string }> {
  const folder = await temporaryFolder(test);
  for (const id of ['lesions-0123456789', 'teeth-0123456789']) {
    await mkdir(join(folder, '.volbias', 'sweeps', id), { recursive: true });
  }
  const bin = join(folder, 'bin');
  await mkdir(bin);
  const main = join(repositoryRoot, 'dist', 'cli', 'main.js');
  await writeFile(join(bin, 'volbias'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
  await chmod(join(bin, 'volbias'), 0o755);
  await writeFile(join(folder, 'own.yaml'), '');
  return { folder, bin };
}

/** What bash offers for a command line whose last word is being written, by its own completion. */
function offered({ folder, bin }: { folder: string; bin: string }, ...words: readonly string[]): string[] {
  const program = [
    'eval "$(volbias completion bash)"',
    'spec=$(complete -p volbias)',
    '[[ $spec == "complete -o default -F _volbias volbias" ]] || { echo "$spec"; exit 1; }',
    'COMP_WORDS=(volbias "$@")',
    'COMP_CWORD=$#',
    '_volbias',
    'printf "%s\\n" "${COMPREPLY[@]}"',
  ].join('\n');
  const environment = { ...process.env, PATH: `${bin}:${process.env.PATH ?? ''}`, VOLBIAS_DATA_DIR: undefined };
  const options = { cwd: folder, env: environment, encoding: 'utf8' } as const;
  const text = execFileSync('bash', ['--norc', '-c', program, 'bash', ...words], options);
  return text.split('\n').filter((line) => line !== '');
}

describe('completion in bash', () => {
  it('offers verbs', async (test) => {
    const here = await project(test);
    assert.deepEqual(offered(here, 're'), ['report', 'rerun', 'resample', 'resume']);
    assert.ok(offered(here, '').includes('init'));
    assert.deepEqual(offered(here, 'config', ''), ['help', 'schema']);
  });

  it('offers the options of a verb, and the values that an option allows', async (test) => {
    const here = await project(test);
    assert.deepEqual(offered(here, 'run', 'own.yaml', '--de'), ['--detach']);
    assert.deepEqual(offered(here, 'config', 'schema', '--w'), ['--write']);
    assert.deepEqual(offered(here, 'run', 'own.yaml', '--priority', ''), ['1', '2', '3', '4', '5']);
    assert.deepEqual(offered(here, 'completion', ''), ['bash', 'fish', 'zsh']);
  });

  it('offers the sweeps of the data folder, and of another that is named', async (test) => {
    const here = await project(test);
    assert.deepEqual(offered(here, 'report', ''), ['lesions-0123456789', 'teeth-0123456789']);
    assert.deepEqual(offered(here, 'trace', 'te'), ['teeth-0123456789']);
    assert.deepEqual(offered(here, 'diff', 'teeth-0123456789', 'l'), ['lesions-0123456789']);
    await mkdir(join(here.folder, 'other', 'sweeps', 'far-0123456789'), { recursive: true });
    assert.deepEqual(offered(here, 'report', '--data-dir', 'other', ''), ['far-0123456789']);
  });

  it('leaves paths to the shell', async (test) => {
    const here = await project(test);
    assert.deepEqual(offered(here, 'run', ''), []);
    assert.deepEqual(offered(here, 'report', '--data-dir', ''), []);
  });

  it('creates nothing', async (test) => {
    const folder = await temporaryFolder(test);
    const result = await runCommandLine(['completion', '--words', 'report', ''], { cwd: folder });
    assertEnded(result, 0);
    assert.equal(result.output, '');
  });
});

describe('completion in zsh and fish', () => {
  for (const shell of ['zsh', 'fish']) {
    it(`${shell} asks the same`, async () => {
      const { output } = await runCommandLine(['completion', shell]);
      assert.match(output, /volbias completion --words/);
    });
  }
});
