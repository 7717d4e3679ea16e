import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

import { isAlive, recordedProcess, type RecordedProcess } from '../../storage/machine/process-identity.js';

export type Role = 'command line' | 'worker' | 'computing' | 'server' | 'other';

export interface FoundProcess {
  readonly pid: number;
  readonly role: Role;
}

/** Tests that look for processes and kill them read /proc, which only Linux has. */
export const processesCanBeFound = existsSync('/proc/self/environ');

/**
 * The processes that a test has started for a data folder: those whose command line or environment names it. The
 * folder's name is random, so no process of anybody else can be meant.
 */
export function processesOf(folder: string): FoundProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        const commandLine = readFileSync(`/proc/${name}/cmdline`, 'utf8');
        const named = commandLine.includes(folder) || readFileSync(`/proc/${name}/environ`, 'utf8').includes(folder);
        // A dead process that nobody has waited for has an empty command line.
        if (!named || commandLine === '') return [];
        return [{ pid: Number(name), role: roleOf(commandLine) }];
      } catch {
        // It has ended since, or belongs to another user.
        return [];
      }
    });
}

function roleOf(commandLine: string): Role {
  if (commandLine.includes('cli/main.js')) return 'command line';
  if (commandLine.includes('worker/main.js')) return 'worker';
  if (commandLine.includes('worker/compute-child.js')) return 'computing';
  return commandLine.includes('start-dev') ? 'server' : 'other';
}

/** Kills all processes of a data folder, until there are none. */
export function killProcessesOf(folder: string): void {
  for (let round = 0; round < 20; round++) {
    const found = processesOf(folder);
    if (found.length === 0) return;
    for (const { pid } of found) killIfThere(pid);
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** A process that has ended, as it was recorded while it lived. */
export async function endedProcess(): Promise<RecordedProcess> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore' });
  assert.ok(child.pid !== undefined);
  const recorded = recordedProcess(child.pid);
  assert.ok(isAlive(recorded));
  child.kill('SIGKILL');
  await once(child, 'close');
  return recorded;
}
