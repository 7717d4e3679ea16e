import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { findCommand, lastLines, runCommand } from '../system/commands.mjs';
import { readJson } from '../system/files.mjs';
import { SetupProblem } from '../system/problem.mjs';

/**
 * Whether node_modules matches package-lock.json. npm writes its own record of an installation last
 * (node_modules/.package-lock.json), so an interrupted installation does not count as complete.
 *
 * @param {import('../context.mjs').Context} context
 */
export async function inspectPackages(context) {
  const fault = (found) => ({ ok: false, found, advice: 'run: npm run setup' });
  const locked = (await readJson(join(context.root, 'package-lock.json')))?.packages;
  if (locked === undefined)
    return { ...fault('package-lock.json is missing or unreadable'), advice: 'restore package-lock.json' };
  const installed = (await readJson(join(context.modules, '.package-lock.json')))?.packages;
  if (installed === undefined) return fault('not installed');
  for (const [place, { version, integrity, optional }] of Object.entries(locked)) {
    if (place === '') continue;
    const present = installed[place];
    if (present === undefined && optional === true) continue; // for another platform
    if (present === undefined || !existsSync(join(context.root, place, 'package.json')))
      return fault(`${place} is missing`);
    if (present.version !== version || present.integrity !== integrity)
      return fault(`${place} is not the locked version`);
  }
  const extra = Object.keys(installed).find((place) => locked[place] === undefined);
  if (extra !== undefined) return fault(`${extra} is not in package-lock.json`);
  return { ok: true, found: `${String(Object.keys(installed).length)} packages, as in package-lock.json`, advice: '' };
}

/** Runs `npm ci` without the packages' install scripts. */
export async function installPackages(context) {
  context.log.begin('npm packages: installing (npm ci)');
  const [command, ...args] = npmCommand(context.env);
  const result = await runCommand(command, [...args, 'ci', '--ignore-scripts'], {
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
