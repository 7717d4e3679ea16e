import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import type { TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';

import { repositoryRoot } from '../support/paths.js';

/** The shapes of what tests call in scripts/setup/, which is plain JavaScript. */
export interface SetupContext {
  readonly cache: string;
  readonly modules: string;
  readonly recordFile: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface Finding {
  readonly ok: boolean;
  readonly found: string;
  readonly advice: string;
}

export interface SetupModules {
  'context.mjs': { createContext: (given: object) => SetupContext };
  'pins.mjs': { pins: { tensorflow: { version: string }; temporalCli: { version: string; binary: string } } };
  'system/staging.mjs': { openStaging: (context: SetupContext) => Promise<string> };
  'system/lock.mjs': { takeLock: (path: string, onWait: (holder: string) => void) => Promise<() => void> };
  'parts/packages.mjs': { inspectPackages: (context: SetupContext) => Promise<Finding> };
  'parts/binding-patch.mjs': { withAdditions: (name: string, source: string) => string };
  'parts/build.mjs': {
    inspectBuild: (context: SetupContext) => Promise<Finding>;
    build: (context: SetupContext) => Promise<void>;
  };
  'parts/tensorflow.mjs': {
    inspectTensorFlow: (
      context: SetupContext,
      options?: { thorough?: boolean },
    ) => Promise<
      Finding & { tensorflow?: { directory: string; version: string; variant: string; libraryDigest: string } }
    >;
    fetchTensorFlow: (context: SetupContext, variant: string, staging: string) => Promise<void>;
  };
  'parts/temporal-cli.mjs': {
    inspectTemporalCli: (
      context: SetupContext,
      options?: { thorough?: boolean },
    ) => Promise<Finding & { temporalCli?: { path: string; version: string; source: string } }>;
    fetchTemporalCli: (context: SetupContext, staging: string) => Promise<void>;
  };
  'prerequisites.mjs': {
    inspectPrerequisites: (
      context: SetupContext,
      needs: { packages: boolean; downloads: boolean; compiler: boolean; cacheMegabytes: number },
      options?: { everything?: boolean },
    ) => Promise<(Finding & { name: string })[]>;
  };
}

export function setupModulePath(name: string): string {
  return join(repositoryRoot, 'scripts', 'setup', name);
}

export async function loadSetup<Name extends keyof SetupModules>(name: Name): Promise<SetupModules[Name]> {
  return (await import(pathToFileURL(setupModulePath(name)).href)) as SetupModules[Name];
}

/** A folder that goes when the test ends. */
export async function temporaryFolder(test: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'volbias-setup-'));
  test.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface CommandResult {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs a command to its end; `onOutput` sees what it prints and may end it. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, output, errors });
    });
  });
}

/** Collects what set-up prints. */
export function silentLog(): { lines: string[]; line(text: string): void; begin(text: string): void; tick(): void } {
  const lines: string[] = [];
  return { lines, line: (text) => lines.push(text), begin: (text) => lines.push(text), tick: () => undefined };
}

/** Writes a program that a shell runs. */
export async function writeProgram(path: string, ...lines: string[]): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 });
}

/** A wheel with the given files, made by Python's own zipfile, and its requirements file pinned to its SHA-256. */
export async function writeWheel(wheel: {
  folder: string;
  requirements: string;
  project: string;
  version: string;
  tag: string;
  files: Record<string, string>;
}): Promise<void> {
  const program = [
    'import hashlib, json, os, sys, zipfile',
    'wheel = json.loads(sys.argv[1])',
    'os.makedirs(wheel["folder"], exist_ok=True)',
    'os.makedirs(os.path.dirname(wheel["requirements"]), exist_ok=True)',
    'name = wheel["project"].replace("-", "_") + "-" + wheel["version"]',
    'path = os.path.join(wheel["folder"], name + "-" + wheel["tag"] + ".whl")',
    'with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:',
    '    for file, content in wheel["files"].items(): archive.writestr(file, content)',
    '    head = "Metadata-Version: 2.1\\nName: " + wheel["project"] + "\\nVersion: " + wheel["version"] + "\\n"',
    '    archive.writestr(name + ".dist-info/METADATA", head)',
    '    archive.writestr(name + ".dist-info/WHEEL", "Wheel-Version: 1.0\\nTag: " + wheel["tag"] + "\\n")',
    '    archive.writestr(name + ".dist-info/RECORD", "")',
    'digest = hashlib.sha256(open(path, "rb").read()).hexdigest()',
    'line = wheel["project"] + "==" + wheel["version"] + " --hash=sha256:" + digest + "\\n"',
    'open(wheel["requirements"], "w").write(line)',
  ].join('\n');
  const result = await runCommand('python3', ['-c', program, JSON.stringify(wheel)]);
  if (result.code !== 0) throw new Error(result.errors);
}
