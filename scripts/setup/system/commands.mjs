import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

const running = new Set();

/** Ends all child processes; called when set-up itself is being ended. */
export function endChildren() {
  for (const child of running) child.kill('SIGTERM');
}

/** @returns {string | undefined} full path of a command, looked up on PATH */
export function findCommand(name, env) {
  const places = name.includes('/') ? [''] : (env['PATH'] ?? '').split(delimiter).filter(isAbsolute);
  return places.map((place) => join(place, name)).find(isExecutable);
}

export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Runs a command without a shell.
 *
 * @returns {Promise<{ok: boolean, output: string, errors: string}>} ok is false for a missing command, a non-zero
 *   exit code, a signal and the time limit; output and errors tell them apart
 */
export function runCommand(command, args, { env, cwd, limitMs } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: limitMs });
    running.add(child);
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
    child.on('error', (error) => {
      running.delete(child);
      resolve({ ok: false, output, errors: error.message });
    });
    child.on('close', (code) => {
      running.delete(child);
      resolve({ ok: code === 0, output, errors });
    });
  });
}

/** The last lines of a failed command's output, indented, for an error message. */
export function lastLines({ output, errors }, count = 12) {
  const lines = `${output}\n${errors}`.split('\n').filter((line) => line.trim() !== '');
  return lines
    .slice(-count)
    .map((line) => `    ${line}`)
    .join('\n');
}
