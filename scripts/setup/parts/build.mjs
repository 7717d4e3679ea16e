import { existsSync } from 'node:fs';
import { chmod, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { lastLines, runCommand } from '../system/commands.mjs';
import { digestOf, filesBelow, pointLink, readJson, writeAtomically } from '../system/files.mjs';
import { SetupProblem } from '../system/problem.mjs';

const bundle = 'workflow-bundle.js';

/**
 * Whether dist/ was built from the present sources, or, in an installed package, is complete.
 *
 * @param {import('../context.mjs').Context} context
 */
export async function inspectBuild(context) {
  const stamp = await readJson(stampFile(context));
  const advice = context.installed ? 'install volbias again: npm install -g volbias-….tgz' : `run: ${context.command}`;
  const absent = { ok: false, advice };
  if (stamp === undefined) return { ...absent, found: 'not built' };
  if (context.installed) return inspectPacked(context, stamp, absent);
  if (stamp.sources !== (await sourcesDigest(context)))
    return { ...absent, found: 'sources have changed since the last build' };
  const missing = stamp.made.find((path) => !existsSync(join(context.root, 'dist', path)));
  if (missing !== undefined) return { ...absent, found: `dist/${missing} is missing` };
  return { ok: true, found: 'up to date', advice: '' };
}

/** A package has all that was built but the tests. */
function inspectPacked(context, { made }, absent) {
  const packed = made.filter((path) => !path.startsWith('test/'));
  const missing = packed.find((path) => !existsSync(join(context.root, 'dist', path)));
  if (missing !== undefined) return { ...absent, found: `dist/${missing} is missing` };
  return { ok: true, found: 'as packed', advice: '' };
}

/** Compiles TypeScript, then bundles the workflows. The stamp is written last, so a killed build is repeated. */
export async function build(context) {
  const dist = join(context.root, 'dist');
  context.log.begin('build: compiling TypeScript');
  await rm(stampFile(context), { force: true });
  const sources = await sourcesDigest(context);
  await node(context, 'TypeScript reports errors', [
    join(context.modules, 'typescript', 'bin', 'tsc'),
    '-p',
    'tsconfig.json',
  ]);
  await removeOrphans(context, dist);
  const bundler = join(dist, 'worker', 'bundle-workflows.js');
  if (existsSync(bundler)) {
    context.log.tick('build: bundling workflows');
    await node(context, 'the workflows could not be bundled', [bundler, join(dist, bundle)]);
  }
  await linkCommand(context, dist);
  const made = (await filesBelow(dist)).map((path) => relative(dist, path)).filter((path) => /\.c?js$/.test(path));
  const commit = await commitOf(context);
  await writeAtomically(stampFile(context), `${JSON.stringify({ sources, commit, made })}\n`);
}

/** The commit that is checked out, with -dirty if files differ from it; null outside a repository. */
async function commitOf({ env, root }) {
  const git = (...args) => runCommand('git', args, { env, cwd: root });
  const head = await git('rev-parse', 'HEAD');
  const changes = await git('status', '--porcelain');
  return head.ok && changes.ok ? `${head.output.trim()}${changes.output === '' ? '' : '-dirty'}` : null;
}

async function node(context, fault, args) {
  const result = await runCommand(process.execPath, args, { env: context.env, cwd: context.root });
  if (!result.ok) throw new SetupProblem(fault, lastLines(result, 40));
}

/** Without this, the output of deleted sources would still be imported and tested. */
async function removeOrphans(context, dist) {
  for (const path of await filesBelow(dist)) {
    const name = relative(dist, path);
    const source = name.replace(/\.(c?)js(\.map)?$/, '.$1ts');
    if (source !== name && name !== bundle && !existsSync(join(context.root, source))) await rm(path);
  }
}

/** Makes `npx volbias` work in the checkout. */
async function linkCommand(context, dist) {
  const program = join(dist, 'cli', 'main.js');
  if (!existsSync(program)) return;
  await chmod(program, 0o755);
  await pointLink(join(context.modules, '.bin', 'volbias'), '../../dist/cli/main.js');
}

async function sourcesDigest(context) {
  const settings = await readFile(join(context.root, 'tsconfig.json'), 'utf8');
  const versions = await readFile(join(context.root, 'npm-shrinkwrap.json'), 'utf8');
  const parts = [settings, versions];
  for (const room of JSON.parse(settings).include) {
    for (const path of (await filesBelow(join(context.root, room))).filter((file) => /\.c?ts$/.test(file))) {
      parts.push(relative(context.root, path), await readFile(path, 'utf8'));
    }
  }
  return digestOf(...parts);
}

function stampFile(context) {
  return join(context.root, 'dist', '.build.json');
}
