import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import {
  loadSetup,
  runCommand,
  setupModulePath,
  silentLog,
  temporaryFolder,
  writeProgram,
  writeWheel,
  type SetupContext,
} from './setup-scripts.js';

const libraries = { 'libtensorflow_cc.so.2': 'the C API', 'libtensorflow_framework.so.2': 'the framework' };
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const createOwnContext = (await loadSetup('context.mjs')).createContext;
const { fetchTensorFlow, inspectTensorFlow } = await loadSetup('parts/tensorflow.mjs');

/** A TensorFlow of a few bytes in a wheel that pip takes from a local folder: no network, and nothing else differs. */
async function tinyTensorFlow(
  test: TestContext,
  architecture = 'x86_64',
): Promise<{ given: object; folder: string; staging: string }> {
  const folder = await temporaryFolder(test);
  const files = Object.fromEntries(Object.entries(libraries).map(([name, text]) => [`tensorflow/${name}`, text]));
  await writeWheel({
    folder: join(folder, 'wheels'),
    requirements: join(folder, 'requirements', 'tiny.txt'),
    project: 'tensorflow-cpu',
    version: '0.0.1',
    tag: `cp312-cp312-manylinux_2_27_${architecture}`,
    files: {
      ...files,
      'tensorflow/include/tensorflow/c/c_api.h': '// the C API',
      'tensorflow/include/tensorflow/core/unneeded.h': '// not taken',
      'tensorflow/python/unneeded.py': '# not taken',
    },
  });
  const digests = Object.fromEntries(Object.entries(libraries).map(([name, text]) => [name, sha256(text)]));
  const variant = { requirements: 'tiny.txt', downloadMegabytes: 1, diskMegabytes: 1, libraries: digests };
  const given = {
    requirements: join(folder, 'requirements'),
    pins: { tensorflow: { version: '0.0.1', variants: { cpu: variant } } },
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      XDG_CACHE_HOME: join(folder, 'cache'),
      VOLBIAS_TENSORFLOW: 'cpu',
      PIP_NO_INDEX: '1',
      PIP_FIND_LINKS: join(folder, 'wheels'),
    },
  };
  const staging = join(folder, 'cache', 'volbias', 'staging', 'test');
  await mkdir(staging, { recursive: true });
  return { given, folder, staging };
}

const place = (context: SetupContext): string => join(context.cache, 'tensorflow', '0.0.1-cpu-linux-x64');
const quiet = (given: object): SetupContext => createOwnContext({ ...given, log: silentLog() });

describe('TensorFlow in the cache', () => {
  it('is installed with its two libraries and the C headers only, and the wheel is gone', async (test) => {
    const { given, staging } = await tinyTensorFlow(test);
    const context = quiet(given);
    assert.equal((await inspectTensorFlow(context)).ok, false);
    await fetchTensorFlow(context, 'cpu', staging);
    const state = await inspectTensorFlow(context, { thorough: true });
    assert.equal(state.ok, true);
    assert.equal(state.tensorflow?.directory, join(place(context), 'tensorflow'));
    assert.deepEqual((await readdir(place(context))).sort(), ['runtime.json', 'tensorflow']);
    assert.deepEqual(await readdir(join(place(context), 'tensorflow', 'include', 'tensorflow')), ['c']);
    const left = (await readdir(context.cache, { recursive: true })).filter((name) => name.endsWith('.whl'));
    assert.deepEqual(left, []);
  });

  it('comes from the wheel of the machine’s architecture', async (test) => {
    const { given, staging } = await tinyTensorFlow(test, 'aarch64');
    await assert.rejects(fetchTensorFlow(quiet({ ...given, architecture: 'x64' }), 'cpu', staging), {
      name: 'SetupProblem',
    });
    const context = quiet({ ...given, architecture: 'arm64' });
    await fetchTensorFlow(context, 'cpu', staging);
    const { tensorflow } = await inspectTensorFlow(context, { thorough: true });
    assert.equal(tensorflow?.directory, join(context.cache, 'tensorflow', '0.0.1-cpu-linux-arm64', 'tensorflow'));
  });

  it('of another architecture than those that are pinned is refused', async () => {
    const { inspectPrerequisites } = await loadSetup('prerequisites.mjs');
    const needs = { packages: false, downloads: false, compiler: false, cacheMegabytes: 0 };
    const found = async (architecture: string): Promise<boolean | undefined> =>
      (await inspectPrerequisites(quiet({ architecture }), needs)).find(({ name }) => name === 'platform')?.ok;
    assert.deepEqual(await Promise.all(['x64', 'arm64', 'riscv64'].map(found)), [true, true, false]);
  });

  it('is not put in place when a library is not the pinned one', async (test) => {
    const { given, staging } = await tinyTensorFlow(test);
    const context = quiet(given);
    const pins = structuredClone(
      (given as { pins: { tensorflow: { variants: { cpu: { libraries: object } } } } }).pins,
    );
    pins.tensorflow.variants.cpu.libraries = { 'libtensorflow_cc.so.2': sha256('something else') };
    await assert.rejects(fetchTensorFlow(quiet({ ...given, pins }), 'cpu', staging), {
      name: 'SetupProblem',
      message: 'libtensorflow_cc.so.2 in the downloaded wheel is not the pinned one',
    });
    assert.equal(existsSync(place(context)), false);
  });

  it('is not even unpacked when the wheel is not the pinned one', async (test) => {
    const { given, folder, staging } = await tinyTensorFlow(test);
    const requirements = join(folder, 'requirements', 'tiny.txt');
    await writeFile(requirements, `tensorflow-cpu==0.0.1 --hash=sha256:${sha256('another wheel')}\n`);
    await assert.rejects(
      fetchTensorFlow(quiet(given), 'cpu', staging),
      /is not the pinned one \(its SHA-256 differs\)/,
    );
    assert.equal(existsSync(join(staging, 'tensorflow')), false);
  });

  it('is reported in one clear error when the package index does not have it', async (test) => {
    const { given, staging } = await tinyTensorFlow(test);
    const env = { ...(given as { env: object }).env, PIP_FIND_LINKS: staging };
    await assert.rejects(
      fetchTensorFlow(quiet({ ...given, env }), 'cpu', staging),
      (error: Error & { advice?: string }) => {
        assert.match(error.message, /package index could not be reached or does not have/);
        assert.match(error.advice ?? '', /Check the network/);
        return true;
      },
    );
  });

  it('is found damaged by a thorough look even with size and time of change kept, and is fetched again', async (test) => {
    const { given, staging } = await tinyTensorFlow(test);
    const context = quiet(given);
    await fetchTensorFlow(context, 'cpu', staging);
    const library = join(place(context), 'tensorflow', 'libtensorflow_cc.so.2');
    const before = await stat(library, { bigint: true });
    await writeFile(library, 'the C APY');
    const seconds = Number(before.mtimeNs) / 1e9;
    await utimes(library, seconds, seconds);
    const state = await inspectTensorFlow(context, { thorough: true });
    assert.equal(state.ok, false);
    assert.match(state.found, /libtensorflow_cc\.so\.2 is damaged or missing/);
    assert.match(state.advice, /--verify/);
    await fetchTensorFlow(context, 'cpu', staging);
    assert.equal((await inspectTensorFlow(context, { thorough: true })).ok, true);
    assert.equal(await readFile(library, 'utf8'), 'the C API');
  });

  it('is not fetched again for a changed time alone, but is for changed bytes', async (test) => {
    const { given, staging } = await tinyTensorFlow(test);
    const context = quiet(given);
    await fetchTensorFlow(context, 'cpu', staging);
    const library = join(place(context), 'tensorflow', 'libtensorflow_cc.so.2');
    await utimes(library, 1, 1);
    assert.equal((await inspectTensorFlow(context)).ok, true);
    await writeFile(library, 'the C APY');
    assert.equal((await inspectTensorFlow(context)).ok, false);
  });

  it('leaves nothing half done when set-up is killed while it unpacks, and the next one cleans up', async (test) => {
    const { given, folder } = await tinyTensorFlow(test);
    const unpacked = join(folder, 'unpacked');
    // Unpacks for real, then stands still: the moment at which set-up is killed.
    await writeProgram(
      join(folder, 'bin', 'python3'),
      `case "$*" in *extract-wheel*) "$PYTHON" "$@"; touch ${unpacked}; exec sleep 30;; *) exec "$PYTHON" "$@";; esac`,
    );
    const python = (await runCommand('python3', ['-c', 'import sys; print(sys.executable)'])).output.trim();
    const env: NodeJS.ProcessEnv = { ...(given as { env: NodeJS.ProcessEnv }).env, PYTHON: python };
    const slow = { ...given, env: { ...env, PATH: `${join(folder, 'bin')}:${env.PATH ?? ''}` } };
    const program = `
      const { createContext } = await import(${JSON.stringify(setupModulePath('context.mjs'))});
      const { openStaging } = await import(${JSON.stringify(setupModulePath('system/staging.mjs'))});
      const { fetchTensorFlow } = await import(${JSON.stringify(setupModulePath('parts/tensorflow.mjs'))});
      const context = createContext(${JSON.stringify(slow)});
      await fetchTensorFlow(context, 'cpu', await openStaging(context));`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore', detached: true });
    while (!existsSync(unpacked) && child.exitCode === null) await sleep(20);
    assert.equal(child.exitCode, null, 'set-up was at work when it was killed');
    process.kill(-(child.pid as number), 'SIGKILL');
    const context = quiet(given);
    const left = await readdir(join(context.cache, 'staging'));
    assert.equal(left.length, 1, 'the killed set-up left its staging folder');
    assert.equal(existsSync(place(context)), false, 'and nothing in place');
    const finish = program.replace(JSON.stringify(slow), JSON.stringify(given));
    const next = await runCommand(process.execPath, ['--input-type=module', '-e', finish]);
    assert.equal(next.code, 0, next.errors);
    assert.equal((await inspectTensorFlow(context, { thorough: true })).ok, true);
    assert.equal(existsSync(join(context.cache, 'staging')), false);
  });

  it('is the one of VOLBIAS_TENSORFLOW_DIR where that is set, with its digests', async (test) => {
    const folder = await temporaryFolder(test);
    const own = join(folder, 'site-packages', 'tensorflow');
    await mkdir(join(own, 'include', 'tensorflow', 'c'), { recursive: true });
    await mkdir(join(folder, 'site-packages', 'tensorflow-2.20.0.dist-info'));
    await writeFile(join(own, 'include', 'tensorflow', 'c', 'c_api.h'), '');
    const context = quiet({ env: { HOME: folder, VOLBIAS_TENSORFLOW_DIR: own } });
    const incomplete = await inspectTensorFlow(context);
    assert.equal(incomplete.ok, false);
    assert.match(incomplete.found, /lacks libtensorflow_cc\.so\.2, libtensorflow_framework\.so\.2/);
    for (const [name, text] of Object.entries(libraries)) await writeFile(join(own, name), text);
    const { tensorflow } = await inspectTensorFlow(context);
    assert.equal(tensorflow?.version, '2.20.0');
    assert.equal(tensorflow.variant, 'given');
    assert.match(tensorflow.libraryDigest, /^[0-9a-f]{64}$/);
  });
});
