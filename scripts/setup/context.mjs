import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pins, pinsByArchitecture } from './pins.mjs';
import { createLog } from './system/log.mjs';

/**
 * The context of all of set-up: paths, environment, pins and log. Tests create their own, with small pins and a
 * temporary cache.
 *
 * @param {Partial<{root: string, architecture: string, env: NodeJS.ProcessEnv, pins: typeof pins, requirements: string, log: import('./system/log.mjs').Log}>} given
 */
export function createContext(given = {}) {
  const root = given.root ?? dirname(dirname(dirname(fileURLToPath(import.meta.url))));
  const env = given.env ?? process.env;
  const architecture = given.architecture ?? process.arch;
  const modules = join(root, 'node_modules');
  const installed = !existsSync(join(root, 'tsconfig.json'));
  return {
    root,
    env,
    /** Whether this is an installed package, with compiled code and no sources, and not a checkout. */
    installed,
    /** What a user calls to repeat set-up, and with all digests checked. */
    command: installed ? 'volbias setup' : 'npm run setup',
    verifyCommand: installed ? 'volbias setup --verify' : 'npm run setup -- --verify',
    /** Node's name of it, such as x64. */
    architecture,
    pins: given.pins ?? pinsByArchitecture[architecture] ?? pins,
    log: given.log ?? createLog(process.stdout),
    /** Folder of the pinned requirements files. */
    requirements: given.requirements ?? join(root, 'scripts', 'requirements'),
    /** Per user, shared by all checkouts: TensorFlow, compiled bindings, the Temporal CLI. */
    cache: join(cacheHome(env), 'volbias'),
    modules,
    /** The result of set-up, which the product reads; scripts/setup.mjs describes the format. */
    recordFile: join(modules, '.volbias', 'setup.json'),
    /** The package whose binding set-up compiles. */
    tensorflowPackage: join(modules, '@tensorflow', 'tfjs-node-gpu'),
  };
}

/** By the XDG specification, a relative or empty XDG_CACHE_HOME counts as unset. */
function cacheHome(env) {
  const given = env['XDG_CACHE_HOME'] ?? '';
  return isAbsolute(given) ? given : join(env['HOME'] || homedir(), '.cache');
}

/** @typedef {ReturnType<typeof createContext>} Context */
