import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, readdir, rename } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { basename, dirname, join } from 'node:path';
import { withAdditions } from './binding-patch.mjs';
import { findCommand, lastLines, runCommand } from '../system/commands.mjs';
import {
  digestFile,
  digestOf,
  isLinkTo,
  moveIntoPlace,
  pointLink,
  readJson,
  writeAtomically,
} from '../system/files.mjs';
import { SetupProblem } from '../system/problem.mjs';

/**
 * tfjs-node's N-API binding, compiled against the current TensorFlow. The package's own install script would fetch a
 * TensorFlow from 2022, so npm runs with ignore-scripts.
 */
// Without contraction, every compiler gives the same bytes: multiplications and additions fuse only where a kernel says so.
const flags = [
  '-O2',
  '-std=c++17',
  '-ffp-contract=off',
  '-fPIC',
  '-shared',
  '-DNAPI_VERSION=8',
  '-Wl,-rpath,$ORIGIN/../../deps/lib',
];
const napiFolder = join('lib', 'napi-v8');
const fileName = 'tfjs_binding.node';
const own = fileURLToPath(new URL('../binding', import.meta.url));

/**
 * @param {import('../context.mjs').Context} context
 * @param {{directory: string, libraryDigest: string} | undefined} tensorflow
 */
export async function inspectBinding(context, tensorflow) {
  const absent = { ok: false, found: 'not compiled for this TensorFlow', advice: `run: ${context.command}` };
  if (tensorflow === undefined || !existsSync(context.tensorflowPackage)) return absent;
  const recorded = (await readJson(context.recordFile))?.binding;
  if (recorded?.inputs !== (await inputsDigest(context, tensorflow))) return absent;
  const file = join(context.tensorflowPackage, napiFolder, fileName);
  if (!existsSync(file) || (await digestFile(file)) !== recorded.digest)
    return { ...absent, found: 'missing or changed' };
  for (const [link, target] of linksTo(context, tensorflow)) {
    if (!(await isLinkTo(link, target))) return { ...absent, found: `${link} does not point to TensorFlow` };
  }
  return { ok: true, found: 'compiled for this TensorFlow', advice: '', binding: recorded };
}

/**
 * Links TensorFlow into the package and copies the binding there, from the cache or newly compiled.
 *
 * @param {import('../context.mjs').Context} context
 * @param {{directory: string, libraryDigest: string, libraryPath: string[]}} tensorflow
 * @returns {Promise<{binding: {digest: string, inputs: string}, how: string}>}
 */
export async function installBinding(context, tensorflow, staging) {
  for (const [link, target] of linksTo(context, tensorflow)) await pointLink(link, target);
  const inputs = await inputsDigest(context, tensorflow);
  const compiler = findCompiler(context.env);
  const { output } = await runCommand(compiler, ['--version'], { env: context.env });
  const place = join(context.cache, 'binding', digestOf(inputs, output));
  const cached = await readJson(join(place, 'binding.json'));
  const whole = cached !== undefined && (await digestFile(join(place, fileName)).catch(() => '')) === cached.digest;
  if (!whole) await compile(context, compiler, place, staging);
  // A copy, not a link: the loader resolves links, and $ORIGIN in the rpath must be this package.
  const target = join(context.tensorflowPackage, napiFolder, fileName);
  await mkdir(dirname(target), { recursive: true });
  await copyFile(join(place, fileName), `${target}.new`);
  await rename(`${target}.new`, target);
  const loaded = await loadTensorFlow(context, tensorflow);
  if (!loaded.ok) throw new SetupProblem('the compiled TensorFlow binding does not load', loaded.found);
  return {
    binding: { digest: await digestFile(target), inputs },
    how: whole ? 'from the cache' : `compiled with ${basename(compiler)}`,
  };
}

async function compile(context, compiler, place, staging) {
  const folder = join(staging, 'binding');
  await mkdir(folder, { recursive: true });
  context.log.begin('TensorFlow binding: compiling (about 10 s)');
  const headers = join(context.modules, 'node-api-headers', 'include');
  const sources = join(staging, 'binding-sources');
  for (const [name, source] of await sourcesOf(context)) await writeAtomically(join(sources, name), source);
  const units = (await readdir(sources)).filter((name) => name.endsWith('.cc')).map((name) => join(sources, name));
  const args = [...flags, '-I', headers, '-I', 'deps/include', '-I', sources, ...units];
  args.push('deps/lib/libtensorflow_cc.so.2', 'deps/lib/libtensorflow_framework.so.2', '-o', join(folder, fileName));
  const result = await runCommand(compiler, args, { env: context.env, cwd: context.tensorflowPackage });
  if (!result.ok) {
    const advice = `It must support C++17 (GCC 10, clang 11 or later; Debian, Ubuntu: apt-get install g++). It said:\n${lastLines(result)}`;
    throw new SetupProblem(`${compiler} could not compile the TensorFlow binding`, advice);
  }
  const digest = await digestFile(join(folder, fileName));
  await writeAtomically(join(folder, 'binding.json'), `${JSON.stringify({ digest })}\n`);
  await moveIntoPlace(folder, place, staging);
}

/**
 * Loads TensorFlow as the product does, in a separate process.
 *
 * @returns {Promise<{ok: boolean, found: string, advice: string}>}
 */
export async function loadTensorFlow(context, tensorflow) {
  const program =
    "import('@tensorflow/tfjs-node-gpu').then(({ default: tf }) => { const b = tf.backend(); const sum = tf.sum(tf.ones([3])).dataSync()[0];" +
    "if (sum !== 3) throw new Error('1 + 1 + 1 is ' + sum); console.log(b.binding.TF_Version + (b.isUsingGpuDevice ? ' on a GPU' : ' on the CPU')); })";
  const inherited = context.env['LD_LIBRARY_PATH'] ?? '';
  const libraryPath = [...tensorflow.libraryPath, inherited].filter((folder) => folder !== '').join(':');
  const env = {
    ...context.env,
    TF_CPP_MIN_LOG_LEVEL: '2',
    ...(libraryPath === '' ? {} : { LD_LIBRARY_PATH: libraryPath }),
  };
  const result = await runCommand(process.execPath, ['-e', program], { env, cwd: context.root, limitMs: 120_000 });
  const last = result.output.trim().split('\n').at(-1) ?? '';
  return result.ok
    ? { ok: true, found: last, advice: '' }
    : { ok: false, found: lastLines(result, 6), advice: `run: ${context.verifyCommand}` };
}

/** CXX takes precedence, as in make. */
export function findCompiler(env) {
  const names = [env['CXX'] ?? '', 'g++', 'clang++', 'c++'].filter((name) => name !== '');
  return names.map((name) => findCommand(name, env)).find((path) => path !== undefined);
}

function linksTo(context, tensorflow) {
  const folder = join(context.tensorflowPackage, 'deps');
  return [
    // Links the whole folder: the libraries look for NVIDIA's in ../nvidia, beside their own folder.
    [join(folder, 'lib'), tensorflow.directory],
    [join(folder, 'include'), join(tensorflow.directory, 'include')],
  ];
}

/** The sources to compile, by name: the package's with set-up's additions, and set-up's own. */
async function sourcesOf(context) {
  const theirs = join(context.tensorflowPackage, 'binding');
  const read = async (folder) =>
    Promise.all((await readdir(folder)).sort().map(async (name) => [name, await readFile(join(folder, name), 'utf8')]));
  return [...(await read(theirs)).map(([name, source]) => [name, withAdditions(name, source)]), ...(await read(own))];
}

async function inputsDigest(context, tensorflow) {
  const headers = (await readJson(join(context.modules, 'node-api-headers', 'package.json')))?.version ?? '';
  return digestOf(flags, headers, tensorflow.libraryDigest, await sourcesOf(context));
}
