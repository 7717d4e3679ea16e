import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { filesBelow } from '../system/files.mjs';
import { lastLines, runCommand } from '../system/commands.mjs';
import { SetupProblem } from '../system/problem.mjs';

/** Old enough for every wheel that is pinned: Node 20 itself needs glibc 2.28. */
const platforms = ['2_28', '2_27', '2_26', '2_25', '2_17', '2_12', '2_5'].map((glibc) => `manylinux_${glibc}_x86_64`);

/**
 * Downloads the wheels of a requirements file, each held to its SHA-256 by pip. The tags are fixed, so that the same
 * files come whatever Python the user has; nothing is installed and no dependency is followed.
 *
 * @param {import('../context.mjs').Context} context
 * @param {{requirements: string, into: string, staging: string, title: string, megabytes: number}} order
 *   staging is where pip puts its temporary files too: they go with it when set-up is killed
 */
export async function downloadWheels(context, { requirements, into, staging, title, megabytes }) {
  const temporary = join(staging, 'pip');
  const args = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--require-hashes', '--no-cache-dir'];
  args.push('--python-version', '3.12', '--implementation', 'cp', '--platform', 'manylinux2014_x86_64');
  args.push(...platforms.flatMap((platform) => ['--platform', platform]));
  args.push('--progress-bar', 'off', '--dest', into, '-r', join(context.requirements, requirements));
  const env = { ...context.env, TMPDIR: temporary, PIP_NO_INPUT: '1', PIP_DISABLE_PIP_VERSION_CHECK: '1' };
  const watch = setInterval(() => {
    void bytesBelow(staging).then((bytes) => {
      context.log.tick(`${title}: ${String(Math.round(bytes / 1e6))} of about ${String(megabytes)} MB`);
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
      'Nothing of it was used. Check which package index pip is set to (pip config list), then try again.',
    );
  }
  if (/No space left/i.test(text)) {
    return new SetupProblem(
      'the disk is full',
      `Free some space where ${requirements} is downloaded to, then try again.`,
    );
  }
  if (
    /NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|ConnectionReset|No matching distribution/i.test(
      text,
    )
  ) {
    return new SetupProblem(
      `the Python package index could not be reached or does not carry what scripts/requirements/${requirements} names`,
      `Check the network; behind a proxy set HTTPS_PROXY, for a mirror PIP_INDEX_URL. pip said:\n${lastLines(result, 4)}`,
    );
  }
  return new SetupProblem(
    `pip download failed for scripts/requirements/${requirements}`,
    `pip said:\n${lastLines(result)}`,
  );
}
