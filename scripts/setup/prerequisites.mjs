import { accessSync, constants, existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { findCompiler } from './parts/binding.mjs';
import { findCommand, runCommand } from './system/commands.mjs';
import { npmCommand } from './parts/packages.mjs';
import { pinsByArchitecture } from './pins.mjs';

/**
 * Rows for what the machine must provide. `needs` says which parts are still to be installed. A missing tool is a fault
 * only if one of these needs it; `everything` also reports the tools that none of them needs.
 *
 * @param {import('./context.mjs').Context} context
 * @param {{packages: boolean, downloads: boolean, compiler: boolean, cacheMegabytes: number, changes?: boolean}} needs
 * @param {{everything?: boolean}} options
 */
export async function inspectPrerequisites(context, needs, { everything = false } = {}) {
  const rows = [inspectPlatform(context), inspectFlock(context), ...inspectFolders(context, needs)];
  if (needs.packages || everything) rows.push(inspectNpm(context, needs.packages));
  if (needs.downloads || everything) rows.push(...(await inspectPython(context, needs.downloads)));
  if (needs.compiler || everything) rows.push(await inspectCompiler(context, needs.compiler));
  return [...rows, ...(await inspectDisk(context, needs))];
}

function inspectPlatform({ architecture }) {
  const found = `${process.platform} ${architecture}`;
  const name = 'platform';
  const advice =
    'volbias runs on Linux x86-64 with glibc (Debian, Ubuntu, Fedora, RHEL and similar; WSL 2 on Windows), and perhaps on ' +
    'arm64, on which nobody has run it yet';
  if (process.platform !== 'linux' || !Object.hasOwn(pinsByArchitecture, architecture))
    return { name, ok: false, found, advice };
  const glibc = process.report.getReport().header.glibcVersionRuntime;
  if (glibc === undefined) return { name, ok: false, found: `${found} without glibc (musl)`, advice };
  return { name, ok: true, found: `${found}, glibc ${glibc}`, advice: '' };
}

/** Set-up and the product hold their locks with it. */
function inspectFlock(context) {
  const advice = 'install util-linux (Debian, Ubuntu: apt-get install util-linux; Fedora: dnf install util-linux)';
  return row('flock', findCommand('flock', context.env), true, advice);
}

/** The folders in which set-up writes, if it has something to write and may not. */
function inspectFolders(context, { changes = false }) {
  if (!changes) return [];
  const own = 'to install it for yourself: npm install -g --prefix ~/.local volbias-….tgz (with ~/.local/bin on PATH)';
  const shared = 'to set it up for all users, as who owns the folder: XDG_CACHE_HOME=/opt/volbias-cache volbias setup';
  return [
    {
      name: context.installed ? 'folder of volbias' : 'checkout',
      place: context.root,
      advice: context.installed ? `${own}; ${shared}` : 'work in a checkout of your own',
    },
    { name: 'cache', place: context.cache, advice: 'set XDG_CACHE_HOME to a folder that you may write in' },
  ].flatMap(({ name, place, advice }) => {
    const folder = nearestFolder(place);
    return mayWrite(folder) ? [] : [{ name, ok: false, found: `you may not write in ${folder}`, advice }];
  });
}

function mayWrite(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The folder, or the nearest above it that exists. */
function nearestFolder(folder) {
  return existsSync(folder) ? folder : nearestFolder(dirname(folder));
}

function inspectNpm(context, needed) {
  const command = npmCommand(context.env);
  const advice = 'install npm (it comes with Node.js from nodejs.org; Debian, Ubuntu: apt-get install npm)';
  return row('npm', command?.at(-1), needed, advice);
}

async function inspectPython(context, needed) {
  const python = findCommand('python3', context.env);
  const advice = 'install Python 3.9 or later with pip (Debian, Ubuntu: apt-get install python3 python3-pip)';
  if (python === undefined) return [row('Python', undefined, needed, advice)];
  const program = 'import platform, sys; print(platform.python_version()); sys.exit(sys.version_info < (3, 9))';
  const asked = await runCommand(python, ['-c', program], { env: context.env, limitMs: 30_000 });
  const version = asked.output.trim() || 'does not run';
  if (!asked.ok) return [{ ...row('Python', undefined, needed, advice), found: `${version} (${python})` }];
  const pip = await runCommand(python, ['-m', 'pip', '--version'], { env: context.env, limitMs: 60_000 });
  const pipVersion = /^pip (\S+)/.exec(pip.output)?.[1];
  const modern = pipVersion !== undefined && Number.parseInt(pipVersion, 10) >= 21;
  const pipAdvice = 'install pip 21 or later for python3 (Debian, Ubuntu: apt-get install python3-pip)';
  const pipRow = row('pip', modern ? pipVersion : undefined, needed, pipAdvice);
  const tooOld = pipVersion !== undefined && !modern;
  return [row('Python', `${version} (${python})`, needed, advice), tooOld ? { ...pipRow, found: pipVersion } : pipRow];
}

async function inspectCompiler(context, needed) {
  const compiler = findCompiler(context.env);
  const advice =
    'install a C++ compiler (Debian, Ubuntu: apt-get install g++; Fedora: dnf install gcc-c++), or set CXX to one';
  if (compiler === undefined) return row('C++ compiler', undefined, needed, advice);
  const asked = await runCommand(compiler, ['--version'], { env: context.env, limitMs: 30_000 });
  const found = asked.ok ? asked.output.split('\n')[0] : undefined;
  return row('C++ compiler', found, needed, advice);
}

async function inspectDisk(context, needs) {
  const rows = [];
  if (needs.cacheMegabytes > 0)
    rows.push(await spaceRow('disk space for the cache', context.cache, needs.cacheMegabytes));
  if (needs.packages) rows.push(await spaceRow('disk space for npm packages', context.root, 1000));
  return rows;
}

async function spaceRow(name, folder, megabytes) {
  const existing = nearestFolder(folder);
  const { bavail, bsize } = await statfs(existing);
  const free = Math.floor((bavail * bsize) / 1e6);
  const found = `${String(free)} MB free at ${existing}`;
  const advice = `free ${String(megabytes)} MB there, or set XDG_CACHE_HOME to a folder on a larger disk`;
  return free >= megabytes ? { name, ok: true, found, advice: '' } : { name, ok: false, found, advice };
}

function row(name, found, needed, advice) {
  if (found !== undefined) return { name, ok: true, found, advice: '' };
  if (!needed) return { name, ok: true, found: 'not found, and not needed: everything is installed', advice: '' };
  return { name, ok: false, found: 'not found', advice };
}
