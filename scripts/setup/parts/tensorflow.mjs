import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { lastLines, findCommand, runCommand } from '../system/commands.mjs';
import {
  digestFile,
  digestOf,
  fileFacts,
  filesBelow,
  moveIntoPlace,
  readJson,
  sameFacts,
  writeAtomically,
} from '../system/files.mjs';
import { downloadWheels } from './pip.mjs';
import { SetupProblem } from '../system/problem.mjs';

const libraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];

/** The C headers that the binding includes, a few of 13,000 in the wheel. */
const headerPatterns = ['c/*', 'c/eager/*', 'core/platform/ctstring*'].map(
  (name) => `tensorflow/include/tensorflow/${name}`,
);
const patterns = [
  ...libraries.map((name) => `tensorflow/${name}`),
  ...headerPatterns,
  'tensorflow/include/tsl/platform/ctstring*',
  'tensorflow/include/xla/tsl/c/*',
  'nvidia/*/lib/*.so*',
];

/**
 * Where TensorFlow is, and whether it is intact. By default a library is trusted if its size and modification time are
 * unchanged; `thorough` digests every library (about a second per gigabyte).
 *
 * @param {import('../context.mjs').Context} context
 * @param {{thorough?: boolean}} options
 */
export async function inspectTensorFlow(context, { thorough = false } = {}) {
  const given = context.env['VOLBIAS_TENSORFLOW_DIR'] ?? '';
  if (given !== '') return inspectGiven(context, resolve(given), thorough);
  const variant = await chooseVariant(context);
  if (!Object.hasOwn(context.pins.tensorflow.variants, variant)) {
    const known = Object.keys(context.pins.tensorflow.variants).join(' or ');
    const advice = `set it to ${known}, or unset it to choose by the machine`;
    return { ok: false, given: true, variant, name: '', found: `VOLBIAS_TENSORFLOW is "${variant}"`, advice };
  }
  const version = context.pins.tensorflow.version;
  const place = placeOf(context, variant);
  const name = `${version} (${variant})`;
  const stamp = await readJson(join(place, 'runtime.json'));
  const absent = { ok: false, variant, name, found: 'not installed', advice: `run: ${context.command}` };
  if (stamp?.pins !== (await pinsDigest(context, variant))) return absent;
  for (const file of stamp.files) {
    const facts = await fileFacts(join(place, file.path));
    const suspect = thorough || !sameFacts(facts, file);
    if (suspect && (facts === undefined || (await digestFile(join(place, file.path))) !== file.digest)) {
      const found = `${file.path} is damaged or missing in ${place}`;
      return { ...absent, found, advice: `run: ${context.verifyCommand} (fetches TensorFlow again)` };
    }
  }
  const installed = { version, variant, directory: join(place, 'tensorflow'), libraryDigest: stamp.libraryDigest };
  const libraryPath = stamp.libraryPath.map((folder) => join(place, folder));
  return {
    ok: true,
    variant,
    name,
    found: `in the cache, ${place}`,
    advice: '',
    tensorflow: { ...installed, libraryPath },
  };
}

/**
 * Downloads, unpacks and verifies TensorFlow in the staging folder, then moves it into place with one rename.
 *
 * @param {import('../context.mjs').Context} context
 * @param {string} variant cpu or gpu
 * @param {string} staging
 */
export async function fetchTensorFlow(context, variant, staging) {
  const pin = context.pins.tensorflow.variants[variant];
  const title = `TensorFlow ${context.pins.tensorflow.version} (${variant})`;
  const wheels = join(staging, 'wheels');
  const tree = join(staging, 'tensorflow');
  await mkdir(join(staging, 'pip'), { recursive: true });
  context.log.begin(`${title}: downloading about ${String(pin.downloadMegabytes)} MB`);
  const order = { requirements: pin.requirements, into: wheels, staging, title, megabytes: pin.downloadMegabytes };
  await downloadWheels(context, order);
  for (const wheel of await readdir(wheels)) {
    context.log.tick(`${title}: unpacking ${wheel}`);
    await unpack(context, join(wheels, wheel), tree);
    await rm(join(wheels, wheel));
  }
  context.log.tick(`${title}: verifying`);
  await verifyAndStamp(context, variant, tree);
  await moveIntoPlace(tree, placeOf(context, variant), staging);
}

async function unpack(context, wheel, tree) {
  const script = join(context.root, 'scripts', 'setup', 'parts', 'extract-wheel.py');
  const result = await runCommand('python3', [script, wheel, tree, ...patterns], { env: context.env });
  if (!result.ok) throw new SetupProblem(`${wheel} could not be unpacked`, `python3 said:\n${lastLines(result)}`);
}

async function verifyAndStamp(context, variant, tree) {
  const pin = context.pins.tensorflow.variants[variant];
  const files = [];
  for (const path of (await filesBelow(tree)).filter((file) => /\.so(\.|$)/.test(file))) {
    files.push({ path: relative(tree, path), digest: await digestFile(path), ...(await fileFacts(path)) });
  }
  for (const [library, digest] of Object.entries(pin.libraries)) {
    const file = files.find(({ path }) => path === `tensorflow/${library}`);
    if (file?.digest !== digest) {
      throw new SetupProblem(
        `${library} in the downloaded wheel is not the pinned one`,
        'It was not used; please report this.',
      );
    }
  }
  const nvidia = files
    .filter(({ path }) => path.startsWith('nvidia/'))
    .map(({ path }) => path.slice(0, path.lastIndexOf('/')));
  const stamp = {
    pins: await pinsDigest(context, variant),
    libraryDigest: digestOf(...libraries.map((library) => pin.libraries[library])),
    libraryPath: [...new Set(nvidia)],
    files,
  };
  await writeAtomically(join(tree, 'runtime.json'), `${JSON.stringify(stamp, undefined, 2)}\n`);
}

/** The user's own TensorFlow: nothing is pinned, but the digests of its libraries are recorded. */
async function inspectGiven(context, directory, thorough) {
  const result = { ok: false, given: true, variant: 'given', name: 'of VOLBIAS_TENSORFLOW_DIR' };
  const needed = ['include/tensorflow/c/c_api.h', ...libraries];
  const missing = needed.filter((file) => !existsSync(join(directory, file)));
  if (missing.length > 0) {
    const advice =
      'VOLBIAS_TENSORFLOW_DIR must name a folder such as site-packages/tensorflow; unset it to use the pinned one';
    return { ...result, found: `${directory} lacks ${missing.join(', ')}`, advice };
  }
  const recorded = (await readJson(context.recordFile))?.tensorflow;
  const files = [];
  for (const [index, path] of libraries.entries()) {
    const facts = await fileFacts(join(directory, path));
    const before = recorded?.directory === directory ? recorded.files?.[index] : undefined;
    const known = !thorough && sameFacts(facts, before) ? before.digest : undefined;
    files.push({ path, digest: known ?? (await digestFile(join(directory, path))), ...facts });
  }
  const libraryDigest = digestOf(...files.map(({ digest }) => digest));
  const tensorflow = {
    version: versionBeside(directory),
    variant: 'given',
    directory,
    libraryDigest,
    libraryPath: [],
    files,
  };
  return { ...result, ok: true, found: `${tensorflow.version}, ${directory}`, advice: '', tensorflow };
}

/** pip installs tensorflow-2.21.0.dist-info beside the folder; a custom build of TensorFlow has none. */
function versionBeside(directory) {
  const names = readdirSync(join(directory, '..')).map(
    (name) => /^tensorflow\w*-([\d.]+\w*)\.dist-info$/.exec(name)?.[1],
  );
  return names.find((version) => version !== undefined) ?? 'unknown version';
}

async function chooseVariant(context) {
  const asked = context.env['VOLBIAS_TENSORFLOW'] ?? '';
  if (asked !== '') return asked;
  const hasVariant = Object.hasOwn(context.pins.tensorflow.variants, 'gpu');
  return hasVariant && (await hasNvidiaGpu(context.env)) ? 'gpu' : 'cpu';
}

async function hasNvidiaGpu(env) {
  const listed = await readdir('/proc/driver/nvidia/gpus').catch(() => []);
  if (listed.length > 0) return true;
  // On WSL the driver has no folder in /proc.
  const command = findCommand('nvidia-smi', env);
  if (command === undefined) return false;
  const result = await runCommand(command, ['-L'], { env, limitMs: 10_000 });
  return result.ok && result.output.includes('GPU 0');
}

function placeOf(context, variant) {
  return join(
    context.cache,
    'tensorflow',
    `${context.pins.tensorflow.version}-${variant}-linux-${context.architecture}`,
  );
}

/** A change of wheels, libraries or selected files changes the digest, and TensorFlow is installed again. */
async function pinsDigest(context, variant) {
  const { version, variants } = context.pins.tensorflow;
  const wheels = await readFile(join(context.requirements, variants[variant].requirements), 'utf8');
  return digestOf(version, variants[variant].libraries, wheels, patterns);
}
