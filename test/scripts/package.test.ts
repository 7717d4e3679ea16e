import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { repositoryRoot } from '../support/paths.js';
import { tinyConfig, writeConfig } from '../support/sweeps/tiny-config.js';
import { runCommand, type CommandResult } from './setup-scripts.js';

/**
 * The package as users install it: packed, installed in an empty folder with an empty HOME. Downloads are shared with
 * this checkout, whose set-up has fetched and checked the same files.
 */
let folder: string;
let environment: NodeJS.ProcessEnv;
let tarball: string;

before(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'volbias-package-')));
  await Promise.all(['home', 'project', 'prefix'].map((name) => mkdir(join(folder, name))));
  const own = Object.entries(process.env).filter(([name]) => !/^(VOLBIAS_|TEMPORAL_|NODE_TEST_CONTEXT$)/.test(name));
  environment = {
    ...Object.fromEntries(own),
    HOME: join(folder, 'home'),
    XDG_CACHE_HOME: process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
    npm_config_cache: execFileSync('npm', ['config', 'get', 'cache'], { cwd: repositoryRoot, encoding: 'utf8' }).trim(),
  };
  const packed = await runCommand('npm', ['pack', '--json', '--pack-destination', folder], { cwd: repositoryRoot });
  assert.equal(packed.code, 0, packed.errors);
  const [name] = (await readdir(folder)).filter((entry) => entry.endsWith('.tgz'));
  assert.ok(name !== undefined);
  tarball = join(folder, name);
});
after(() => rm(folder, { recursive: true, force: true }));

/** Runs a command in the empty project folder. */
async function inProject(command: string, ...args: string[]): Promise<CommandResult> {
  const result = await runCommand(command, args, { cwd: join(folder, 'project'), env: environment });
  assert.equal(result.code, 0, `${result.output}\n${result.errors}`);
  return result;
}

describe('the packed package', () => {
  it('has the compiled code, configs and docs, but neither tests nor sources', () => {
    const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n');
    const paths = new Set(files.map((path) => path.replace(/^package\//, '')));
    const needed = [
      ...['README.md', 'LICENSE', 'CHANGELOG.md', 'npm-shrinkwrap.json', 'scripts/setup.mjs', 'docs/lineage.md'],
      ...['dist/cli/main.js', 'dist/workflow-bundle.js', 'dist/.build.json', 'configs/quickstart.yaml'],
      ...['cli/watch/page/index.html', 'cli/watch/page/watch.js', 'cli/watch/page/watch.css'],
    ];
    for (const path of needed) assert.ok(paths.has(path), path);
    for (const path of paths) assert.doesNotMatch(path, /^dist\/test\/|\.test\.|\.ts$|\.map$|^test\/|^\.ci/);
  });

  it('is installed, set up and run in an empty folder with an empty HOME', async () => {
    const prefix = join(folder, 'prefix');
    const volbias = join(prefix, 'bin', 'volbias');
    await inProject('npm', 'install', '--global', '--prefix', prefix, '--no-audit', '--no-fund', tarball);
    assert.match((await inProject(volbias, '--version')).output, /^\d+\.\d+\.\d+\n$/);

    const installed = join(prefix, 'lib', 'node_modules', 'volbias');
    const doctor = await runCommand(volbias, ['doctor', '--json'], { cwd: folder, env: environment });
    assert.equal(doctor.code, 1, 'set-up has not run yet');
    assert.match(doctor.output, /"run: volbias setup"/);

    const setUp = await inProject(volbias, 'setup');
    assert.match(setUp.output, /^build: as packed$/m);
    assert.doesNotMatch((await inProject(volbias, 'setup')).output, /…/, 'a second set-up begins nothing');
    assert.deepEqual(
      (await readdir(join(installed, 'node_modules'))).filter((name) => ['typescript', 'eslint'].includes(name)),
      [],
      'what only a checkout needs is not installed',
    );

    await writeConfig(join(folder, 'project'), tinyConfig({ models: ['lr'] }));
    await inProject(volbias, 'run', 'tiny.json');
    assert.ok((await readdir(join(folder, 'project'))).includes('.volbias'));
  });
});

describe('a folder in which set-up may not write', () => {
  it('is named before anything begins, with what to do', async () => {
    const root = join(folder, 'read-only');
    await mkdir(root);
    await cp(join(repositoryRoot, 'scripts'), join(root, 'scripts'), { recursive: true });
    await cp(join(repositoryRoot, 'package.json'), join(root, 'package.json'));
    await chmod(folder, 0o755);
    await chmod(root, 0o555);
    const script = join(root, 'scripts', 'setup.mjs');
    const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const options = { ...nobody, cwd: root, env: { PATH: process.env.PATH, HOME: root }, encoding: 'utf8' } as const;
    const result = spawnSync(process.execPath, [script], options);
    assert.equal(result.status, 1);
    assert.match(result.stderr, new RegExp(`folder of volbias: you may not write in ${root}\\n.*--prefix ~/\\.local`));
    assert.match(result.stderr, new RegExp(`cache: you may not write in ${root}\\n.*set XDG_CACHE_HOME`));
    assert.doesNotMatch(result.stdout, /npm packages/, 'nothing has begun');
  });
});
