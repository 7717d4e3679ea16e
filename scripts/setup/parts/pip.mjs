import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { filesBelow } from '../system/files.mjs';
import { lastLines, runCommand } from '../system/commands.mjs';
import { SetupProblem } from '../system/problem.mjs';

/** Covers every pinned wheel; Node 20 itself needs glibc 2.28. */
const glibcs = ['2014', '_2_28', '_2_27', '_2_26', '_2_25', '_2_17', '_2_12', '_2_5'];

/** What wheels call an architecture, by Node's name of it. */
const architectures = { x64: 'x86_64', arm64: 'aarch64' };

/**
 * Downloads the wheels of a requirements file; pip verifies the SHA-256 of each. The tags are fixed, so the files do
 * not depend on the user's Python. pip installs nothing and resolves no dependencies.
 *
 * @param {import('../context.mjs').Context} context
 * @param {{requirements: string, into: string, staging: string, title: string, megabytes: number}} order
 *   staging also contains pip's temporary files, so they are removed with it if set-up is killed
 */
export async function downloadWheels(context, { requirements, into, staging, title, megabytes }) {
  const temporary = join(staging, 'pip');
  const args = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--require-hashes', '--no-cache-dir'];
  args.push('--python-version', '3.12', '--implementation', 'cp');
  const architecture = architectures[context.architecture];
  args.push(...glibcs.flatMap((glibc) => ['--platform', `manylinux${glibc}_${architecture}`]));
  args.push('--progress-bar', 'off', '--dest', into, '-r', join(context.requirements, requirements));
  const env = { ...context.env, TMPDIR: temporary, PIP_NO_INPUT: '1', PIP_DISABLE_PIP_VERSION_CHECK: '1' };
  const watch = setInterval(() => {
    // pip keeps all wheels in its temporary folder until the last has come, and then copies them.
    void Promise.all([into, temporary].map(bytesBelow)).then((sizes) => {
      context.log.tick(`${title}: ${String(Math.round(Math.max(...sizes) / 1e6))} of about ${String(megabytes)} MB`);
    });
  }, 1000);
  try {
    const result = await runCommand('python3', args, { env });
    if (!result.ok) throw explain(result, requirements);
  } finally {
    clearInterval(watch);
  }
}

async function bytesBelow(folder) {
  const sizes = (await filesBelow(folder)).map((file) =>
    stat(file).then(
      (facts) => facts.size,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

function explain(result, requirements) {
  const text = `${result.output}\n${result.errors}`;
  if (/do not match the hashes/i.test(text)) {
    return new SetupProblem(
      `a file downloaded for scripts/requirements/${requirements} is not the pinned one (its SHA-256 differs)`,
      'It was not used. Check which package index pip uses (pip config list), then try again.',
    );
  }
  if (/No space left/i.test(text)) {
    return new SetupProblem('the disk is full', `Free some space where ${requirements} is downloaded, then try again.`);
  }
  if (
    /NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|ConnectionReset|No matching distribution/i.test(
      text,
    )
  ) {
    return new SetupProblem(
      `the Python package index could not be reached or does not have the files in scripts/requirements/${requirements}`,
      `Check the network. Behind a proxy set HTTPS_PROXY; for a mirror set PIP_INDEX_URL. pip said:\n${lastLines(result, 4)}`,
    );
  }
  return new SetupProblem(
    `pip download failed for scripts/requirements/${requirements}`,
    `pip said:\n${lastLines(result)}`,
  );
}
