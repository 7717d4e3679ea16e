import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { repositoryRoot } from './paths.js';

export interface CommandLineResult {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

export interface StartedCommandLine {
  readonly pid: number;
  /** What it has printed to standard output so far, and to standard error. */
  output(): string;
  errors(): string;
  readonly ended: Promise<CommandLineResult>;
}

export interface CommandLineOptions {
  readonly cwd?: string;
  /** The folder of the package; this one unless it is said. */
  readonly package?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The environment of this process without what would change the product's behaviour. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(TEMPORAL_|VOLBIAS_|NODE_TEST_CONTEXT$|NODE_OPTIONS$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

/** Starts the real command line, in a process group of its own as a shell would. */
export function startCommandLine(args: readonly string[], options: CommandLineOptions = {}): StartedCommandLine {
  const child = spawn(process.execPath, [join(options.package ?? repositoryRoot, 'dist', 'cli', 'main.js'), ...args], {
    cwd: options.cwd ?? repositoryRoot,
    env: { ...plainEnvironment(), ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = new Promise<CommandLineResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, output, errors });
    });
  });
  if (child.pid === undefined) throw new Error('the command line has not started');
  return { pid: child.pid, output: () => output, errors: () => errors, ended };
}

/** Runs the real command line to its end. */
export function runCommandLine(args: readonly string[], options: CommandLineOptions = {}): Promise<CommandLineResult> {
  return startCommandLine(args, options).ended;
}

/** Arguments of a verb in a data folder. */
export function onFolder(verb: string, argument: string, folder: string, ...more: readonly string[]): string[] {
  return [verb, argument, '--data-dir', folder, ...more];
}

/** Fails with all that was printed unless the exit code is the expected one. */
export function assertEnded(result: CommandLineResult, code: number): void {
  assert.equal(result.code, code, `${result.output}\n${result.errors}`);
}
