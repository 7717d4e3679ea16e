import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';

import { repositoryRoot } from '../support/paths.js';
import { loadSetup, runCommand, silentLog, temporaryFolder, type SetupContext } from './setup-scripts.js';

const { createContext } = await loadSetup('context.mjs');
const { build, inspectBuild } = await loadSetup('parts/build.mjs');
const { inspectPackages } = await loadSetup('parts/packages.mjs');

/** A checkout of two files with the real compiler. */
async function smallCheckout(test: TestContext): Promise<{ root: string; context: SetupContext }> {
  const root = await temporaryFolder(test);
  const settings = {
    compilerOptions: { rootDir: '.', outDir: 'dist', target: 'ES2022', types: [], skipLibCheck: true },
    include: ['cli'],
  };
  await mkdir(join(root, 'cli'));
  await mkdir(join(root, 'node_modules'));
  await symlink(join(repositoryRoot, 'node_modules', 'typescript'), join(root, 'node_modules', 'typescript'));
  await writeFile(join(root, 'tsconfig.json'), JSON.stringify(settings));
  await writeFile(join(root, 'npm-shrinkwrap.json'), '{}');
  await writeFile(join(root, 'cli', 'main.ts'), 'export const answer: number = 42;\n');
  await writeFile(join(root, 'cli', 'other.ts'), 'export const other = 1;\n');
  return { root, context: createContext({ root, log: silentLog() }) };
}

describe('the build', () => {
  it('is up to date until a source changes, and drops what a deleted source left', async (test) => {
    const { root, context } = await smallCheckout(test);
    assert.equal((await inspectBuild(context)).ok, false);
    await build(context);
    assert.equal((await inspectBuild(context)).ok, true);
    assert.ok((await stat(join(root, 'node_modules', '.bin', 'volbias'))).mode & 0o100, 'npx finds a program');
    await rm(join(root, 'cli', 'other.ts'));
    assert.equal((await inspectBuild(context)).found, 'sources have changed since the last build');
    await build(context);
    assert.equal(existsSync(join(root, 'dist', 'cli', 'other.js')), false);
    assert.equal((await inspectBuild(context)).ok, true);
  });

  it('records the commit that is checked out, and whether files differ from it', async (test) => {
    const { root, context } = await smallCheckout(test);
    const git = (...args: string[]): string => {
      const author = ['-c', 'user.name=t', '-c', 'user.email=t@example.org'];
      return execFileSync('git', [...author, ...args], { cwd: root, encoding: 'utf8' }).trim();
    };
    const stampedCommit = async (): Promise<unknown> => {
      await build(context);
      const stamp = await readFile(join(root, 'dist', '.build.json'), 'utf8');
      return (JSON.parse(stamp) as { commit: unknown }).commit;
    };
    await writeFile(join(root, '.gitignore'), 'dist\nnode_modules\n');
    git('init', '--quiet');
    assert.equal(await stampedCommit(), null, 'nothing has been committed yet');
    git('add', '--all');
    git('commit', '--quiet', '--message', 'first');
    const commit = git('rev-parse', 'HEAD');
    assert.equal(await stampedCommit(), commit);
    await writeFile(join(root, 'cli', 'other.ts'), 'export const other = 2;\n');
    assert.equal(await stampedCommit(), `${commit}-dirty`);
  });

  it('is done again when something in dist/ is missing', async (test) => {
    const { root, context } = await smallCheckout(test);
    await build(context);
    await rm(join(root, 'dist', 'cli', 'main.js'));
    assert.equal((await inspectBuild(context)).found, 'dist/cli/main.js is missing');
    await build(context);
    assert.equal((await inspectBuild(context)).ok, true);
  });

  it('shows the compiler’s words and is not taken for done when the sources are wrong', async (test) => {
    const { root, context } = await smallCheckout(test);
    await writeFile(join(root, 'cli', 'main.ts'), 'export const answer: number = "42";\n');
    await assert.rejects(build(context), (error: Error & { advice?: string }) => {
      assert.equal(error.message, 'TypeScript reports errors');
      assert.match(error.advice ?? '', /cli\/main\.ts\(1,14\): error TS2322/);
      return true;
    });
    assert.equal((await inspectBuild(context)).ok, false);
  });
});

describe('npm packages', () => {
  const locked = {
    '': { name: 'x' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/b': { version: '1.0.0', integrity: 'sha512-b', optional: true },
  };

  async function checkout(test: TestContext, installed: object): Promise<SetupContext> {
    const root = await temporaryFolder(test);
    await mkdir(join(root, 'node_modules', 'a'), { recursive: true });
    await writeFile(join(root, 'node_modules', 'a', 'package.json'), '{}');
    await writeFile(join(root, 'npm-shrinkwrap.json'), JSON.stringify({ packages: locked }));
    await writeFile(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: installed }));
    return createContext({ root });
  }

  it('are in line when every locked package is there, optional ones for other machines aside', async (test) => {
    const context = await checkout(test, { 'node_modules/a': locked['node_modules/a'] });
    assert.equal((await inspectPackages(context)).ok, true);
  });

  it('are not in line with another version, a missing package or one too many', async (test) => {
    const a = locked['node_modules/a'];
    const cases: [object, RegExp][] = [
      [{ 'node_modules/a': { ...a, version: '1.0.1' } }, /a is not the locked version/],
      [{ 'node_modules/a': { ...a, integrity: 'sha512-c' } }, /a is not the locked version/],
      [{}, /a is missing/],
      [{ 'node_modules/a': a, 'node_modules/c': a }, /c is not in npm-shrinkwrap/],
    ];
    for (const [installed, expected] of cases) {
      assert.match((await inspectPackages(await checkout(test, installed))).found, expected);
    }
  });
});

describe('set-up of this checkout', () => {
  it('changes nothing when it runs again, and takes a moment', async () => {
    const script = join(repositoryRoot, 'scripts', 'setup.mjs');
    const check = await runCommand(process.execPath, [script, '--check']);
    assert.equal(check.code, 0, check.output);
    const files = [join('node_modules', '.volbias', 'setup.json'), join('dist', '.build.json')];
    const times = () => Promise.all(files.map(async (file) => (await stat(join(repositoryRoot, file))).mtimeMs));
    const before = await times();
    const started = performance.now();
    const again = await runCommand(process.execPath, [script]);
    const tookSeconds = (performance.now() - started) / 1000;
    assert.equal(again.code, 0, again.errors);
    assert.deepEqual(await times(), before);
    // About 0.5 s on two free cores; the bound only catches work that is done again.
    assert.ok(tookSeconds < 5, `it took ${tookSeconds.toFixed(1)} s`);
    assert.doesNotMatch(again.output, /…/, 'no slow step was begun');
  });
});
