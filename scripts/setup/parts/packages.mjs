import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { findCommand, lastLines, runCommand } from '../system/commands.mjs';
import { readJson } from '../system/files.mjs';
import { SetupProblem } from '../system/problem.mjs';

const lockFile = 'npm-shrinkwrap.json';

/**
 * Whether node_modules matches npm-shrinkwrap.json, npm's lock file for programs: unlike package-lock.json, a package can
 * contain it. npm does not use it when it installs a package, so set-up does. npm writes its own record of an installation last
 * (node_modules/.package-lock.json), so an interrupted installation does not count as complete.
 *
 * @param {import('../context.mjs').Context} context
 */
export async function inspectPackages(context) {
  const fault = (found) => ({ ok: false, found, advice: `run: ${context.command}` });
  const locked = (await readJson(join(context.root, lockFile)))?.packages;
  if (locked === undefined) return { ...fault(`${lockFile} is missing or unreadable`), advice: `restore ${lockFile}` };
  const installed = (await readJson(join(context.modules, '.package-lock.json')))?.packages;
  if (installed === undefined) return fault('not installed');
  for (const [place, { version, integrity, optional, dev }] of Object.entries(locked)) {
    if (place === '') continue;
    const present = installed[place];
    if (present === undefined && optional === true) continue; // for another platform
    if (present === undefined && dev === true && context.installed) continue;
    if (present === undefined || !existsSync(join(context.root, place, 'package.json')))
      return fault(`${place} is missing`);
    if (present.version !== version || present.integrity !== integrity)
      return fault(`${place} is not the locked version`);
  }
  const extra = Object.keys(installed).find((place) => locked[place] === undefined);
  if (extra !== undefined) return fault(`${extra} is not in ${lockFile}`);
  return { ok: true, found: `${String(Object.keys(installed).length)} packages, as in ${lockFile}`, advice: '' };
}

/** Runs `npm ci` without the packages' install scripts, and in an installed package without what only a checkout needs. */
export async function installPackages(context) {
  context.log.begin('npm packages: installing (npm ci)');
  const [command, ...args] = npmCommand(context.env);
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund'];
  const result = await runCommand(command, [...args, 'ci', ...quiet, ...(context.installed ? ['--omit=dev'] : [])], {
    env: context.env,
    cwd: context.root,
  });
  if (result.ok) return;
  const text = `${result.output}\n${result.errors}`;
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|UNABLE_TO_GET_ISSUER_CERT/.test(text)) {
    const advice = `Check the network. Behind a proxy set HTTPS_PROXY; for a mirror set npm's registry. npm said:\n${lastLines(result, 4)}`;
    throw new SetupProblem('the npm registry could not be reached', advice);
  }
  if (/ENOSPC/.test(text))
    throw new SetupProblem('the disk is full', `Free about 1 GB in ${context.root}, then try again.`);
  throw new SetupProblem('npm ci failed', `npm said:\n${lastLines(result)}`);
}

/** The npm that runs this script, or else the one on PATH. */
export function npmCommand(env) {
  const own = env['npm_execpath'] ?? '';
  if (isAbsolute(own) && own.endsWith('npm-cli.js') && existsSync(own)) return [process.execPath, own];
  const found = findCommand('npm', env);
  return found === undefined ? undefined : [found];
}
