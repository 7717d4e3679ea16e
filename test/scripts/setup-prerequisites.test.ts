import assert from 'node:assert/strict';
import { cp, mkdir, symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { existsSync } from 'node:fs';

import { repositoryRoot } from '../support/paths.js';
import { loadSetup, runCommand, temporaryFolder, writeProgram, type CommandResult } from './setup-scripts.js';

/** A checkout without node_modules, an empty cache, and a PATH with the named programs of this machine only. */
async function freshMachine(
  test: TestContext,
  programs: readonly string[],
): Promise<{ checkout: string; bin: string }> {
  const folder = await temporaryFolder(test);
  const checkout = join(folder, 'checkout');
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  for (const file of ['package.json', 'npm-shrinkwrap.json', 'tsconfig.json', '.npmrc', 'scripts']) {
    await cp(join(repositoryRoot, file), join(checkout, file), { recursive: true });
  }
  for (const program of programs) {
    const places = (process.env.PATH ?? '').split(delimiter).map((place) => join(place, program));
    const found = places.find((place) => existsSync(place));
    assert.ok(found !== undefined, `this test needs ${program}`);
    await symlink(found, join(bin, program));
  }
  return { checkout, bin };
}

function setUp(machine: { checkout: string; bin: string }, extra: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
  const home = join(machine.checkout, 'home');
  const env = { PATH: machine.bin, HOME: home, VOLBIAS_TENSORFLOW: 'cpu', npm_execpath: '', ...extra };
  return runCommand(process.execPath, [join(machine.checkout, 'scripts', 'setup.mjs')], { env });
}

function assertClear(result: CommandResult): void {
  assert.equal(result.code, 1);
  assert.doesNotMatch(result.errors, /^\s+at /m, 'no stack trace');
  assert.doesNotMatch(result.output + result.errors, /npm ci|downloading/, 'nothing was begun');
}

describe('a missing prerequisite is one clear error', () => {
  it('names all that is missing at once, each with what to install', async (test) => {
    const result = await setUp(await freshMachine(test, []));
    assertClear(result);
    assert.match(result.errors, /npm: not found\n.*apt-get install npm/);
    assert.match(result.errors, /Python: not found\n.*apt-get install python3 python3-pip/);
    assert.match(result.errors, /C\+\+ compiler: not found\n.*apt-get install g\+\+/);
    assert.match(result.errors, /flock: not found\n.*apt-get install util-linux/);
    assert.equal(result.errors.split('→').length - 1, 4, 'one advice for each');
  });

  it('tells a Python without pip from no Python', async (test) => {
    const machine = await freshMachine(test, ['npm', 'env', 'node', 'sh', 'g++']);
    await writeProgram(
      join(machine.bin, 'python3'),
      'case "$*" in *pip*) echo "/usr/bin/python3: No module named pip" >&2; exit 1;; *) echo 3.11.2;; esac',
    );
    const result = await setUp(machine);
    assertClear(result);
    assert.match(result.errors, /pip: not found\n.*apt-get install python3-pip/);
    assert.doesNotMatch(result.errors, /Python: not found|compiler/);
  });

  it('says which Python and which pip is too old', async (test) => {
    const machine = await freshMachine(test, ['npm', 'env', 'node', 'sh', 'g++']);
    await writeProgram(join(machine.bin, 'python3'), 'echo 3.8.1; exit 1');
    assert.match((await setUp(machine)).errors, /Python: 3\.8\.1 .*\n.*install Python 3\.9 or later/);
    await writeProgram(
      join(machine.bin, 'python3'),
      'case "$*" in *pip*) echo "pip 20.0.2 from /usr/lib (python 3.9)";; *) echo 3.9.1;; esac',
    );
    const result = await setUp(machine);
    assertClear(result);
    assert.match(result.errors, /pip: 20\.0\.2\n.*install pip 21 or later/);
  });

  it('takes the compiler that CXX names', async (test) => {
    const machine = await freshMachine(test, ['sh']);
    await writeProgram(join(machine.bin, 'my-compiler'), 'echo my compiler 1.0');
    const result = await setUp(machine, { CXX: join(machine.bin, 'my-compiler') });
    assertClear(result);
    assert.doesNotMatch(result.errors, /C\+\+ compiler/);
  });

  it('asks for disk space before it begins', async (test) => {
    const folder = await temporaryFolder(test);
    const { createContext } = await loadSetup('context.mjs');
    const { inspectPrerequisites } = await loadSetup('prerequisites.mjs');
    const context = createContext({ env: { HOME: folder } });
    const needs = { packages: false, downloads: false, compiler: false, cacheMegabytes: 1e12 };
    const row = (await inspectPrerequisites(context, needs)).find(({ name }) => name === 'disk space for the cache');
    assert.equal(row?.ok, false);
    assert.match(row.advice, /free 1000000000000 MB there, or set XDG_CACHE_HOME/);
  });

  it('does not ask for tools that nothing needs any more', async (test) => {
    const folder = await temporaryFolder(test);
    const { createContext } = await loadSetup('context.mjs');
    const { inspectPrerequisites } = await loadSetup('prerequisites.mjs');
    const { bin } = await freshMachine(test, ['flock']);
    const context = createContext({ env: { HOME: folder, PATH: bin, npm_execpath: '' } });
    const needs = { packages: false, downloads: false, compiler: false, cacheMegabytes: 0 };
    const rows = await inspectPrerequisites(context, needs, { everything: true });
    assert.deepEqual(
      rows.filter(({ ok }) => !ok),
      [],
    );
    assert.match(rows.find(({ name }) => name === 'Python')?.found ?? '', /not needed/);
  });
});

describe('a setting that leads nowhere is one clear error', () => {
  const cases = [
    [{ VOLBIAS_TENSORFLOW: 'tpu' }, /VOLBIAS_TENSORFLOW is "tpu"\n.*cpu or gpu/],
    [
      { VOLBIAS_TENSORFLOW_DIR: '/nowhere' },
      /TensorFlow: \/nowhere lacks include.*\n.*VOLBIAS_TENSORFLOW_DIR must name/,
    ],
    [{ VOLBIAS_TEMPORAL_CLI: '/nowhere/temporal' }, /Temporal CLI: \/nowhere\/temporal is not an executable file/],
  ] as const;
  for (const [setting, expected] of cases) {
    it(`for ${Object.keys(setting).join()}`, async (test) => {
      const result = await setUp(await freshMachine(test, []), setting);
      assertClear(result);
      assert.match(result.errors, expected);
    });
  }
});

describe('the command itself', () => {
  it('checks without changing anything, as rows of JSON, and exits with 1 where something is missing', async (test) => {
    const machine = await freshMachine(test, []);
    const script = join(machine.checkout, 'scripts', 'setup.mjs');
    const env = { PATH: machine.bin, HOME: join(machine.checkout, 'home'), VOLBIAS_TENSORFLOW: 'cpu' };
    const result = await runCommand(process.execPath, [script, '--check', '--json'], { env });
    assert.equal(result.code, 1);
    const rows = JSON.parse(result.output) as { name: string; ok: boolean; found: string; advice: string }[];
    for (const name of ['npm packages', 'TensorFlow 2.21.0 (cpu)', 'TensorFlow binding', 'Temporal CLI', 'build']) {
      assert.equal(rows.find((row) => row.name === name)?.ok, false, name);
    }
    assert.ok(rows.every(({ ok, advice }) => ok || advice !== ''));
    assert.equal(existsSync(join(machine.checkout, 'home')), false);
    assert.equal(existsSync(join(machine.checkout, 'node_modules')), false);
  });

  it('refuses an option that it does not know', async () => {
    const result = await runCommand(process.execPath, [join(repositoryRoot, 'scripts', 'setup.mjs'), '--chek']);
    assert.equal(result.code, 2);
    assert.match(result.errors, /unknown option "--chek"/);
  });
});
