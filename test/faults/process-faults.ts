import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { processesOf, type Role } from '../support/processes.js';
import { filesBelow } from '../support/sweeps/sweep-folders.js';
import { waitFor } from '../support/wait-for.js';
import type { DisturbedSweep } from './fault-bench.js';
import { goOn, training, type Fault, type Moment } from './moments.js';

type Target = Role | 'all processes';

/** The processes of this role; of computing ones the held one, or whichever is there. */
function pidsOf({ folder }: DisturbedSweep, target: Target, held: number): number[] {
  const found = processesOf(folder);
  if (target === 'all processes') return found.map(({ pid }) => pid);
  const own = found.filter(({ role }) => role === target).map(({ pid }) => pid);
  return own.includes(held) ? [held] : own.slice(0, 1);
}

export function signalled(target: Target, signal: 'SIGKILL' | 'SIGTERM', moment: Moment): Fault {
  return {
    what: `${signal} of ${target === 'all processes' ? target : `the ${target === 'computing' ? 'computing process' : target}`}`,
    when: moment.when,
    happen: async (sweep) => {
      const run = sweep.start({ at: moment.at });
      const held = await sweep.held(run);
      for (const pid of pidsOf(sweep, target, held)) kill(pid, signal);
      await sweep.release();
      await goOn(sweep, run, moment);
    },
  };
}

function kill(pid: number, signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended with another one.
  }
}

/** A process that wakes up after it was believed dead changes nothing. */
export const zombie: Fault = {
  what: 'SIGSTOP of the worker and its computing processes; the run is killed, and runs again; then SIGCONT',
  when: training.when,
  happen: async (sweep) => {
    const run = sweep.start({ at: training.at });
    await sweep.held(run);
    const stopped = processesOf(sweep.folder).filter(({ role }) => role === 'worker' || role === 'computing');
    for (const { pid } of stopped) kill(pid, 'SIGSTOP');
    for (const { pid, role } of processesOf(sweep.folder))
      if (role !== 'worker' && role !== 'computing') kill(pid, 'SIGKILL');
    await run.ended;
    const next = sweep.attempt();
    // They save what they hold, in vain, while the next run works.
    await sweep.release();
    for (const { pid } of stopped) kill(pid, 'SIGCONT');
    const { code, errors } = await next;
    if (code !== 0) {
      // The project's lock is held as long as they live.
      assert.match(errors, /is in use|already/);
      sweep.killAll();
      await sweep.resume();
    }
  },
};

export const twoRuns: Fault = {
  what: 'a second run of the same sweep',
  when: training.when,
  happen: async (sweep) => {
    const run = sweep.start({ at: training.at });
    await sweep.held(run);
    const second = await sweep.attempt();
    assert.equal(second.code, 2);
    assert.match(second.errors, /another/);
    await sweep.release();
    const { code, errors } = await run.ended;
    assert.equal(code, 0, errors);
  },
};

export const lostDatabase: Fault = {
  what: 'SIGKILL of the server, whose database is deleted',
  when: training.when,
  happen: async (sweep) => {
    const run = sweep.start({ at: training.at });
    await sweep.held(run);
    for (const path of await filesBelow(join(sweep.folder, 'temporal'))) {
      if (basename(path).startsWith('temporal.db')) await rm(path);
    }
    for (const { pid, role } of processesOf(sweep.folder)) if (role === 'server') kill(pid, 'SIGKILL');
    await sweep.release();
    const { code, errors } = await run.ended;
    assert.equal(code, 0, errors);
  },
};

export const stoppedServer: Fault = {
  what: 'SIGSTOP of the server until the run says so, then SIGCONT',
  when: training.when,
  happen: async (sweep) => {
    const run = sweep.start({ at: training.at });
    await sweep.held(run);
    const server = processesOf(sweep.folder).filter(({ role }) => role === 'server');
    for (const { pid } of server) kill(pid, 'SIGSTOP');
    await sweep.release();
    await waitFor('word of it', () => (/waiting/.test(run.errors()) ? true : undefined), 60);
    for (const { pid } of server) kill(pid, 'SIGCONT');
    const { code, errors } = await run.ended;
    assert.equal(code, 0, errors);
  },
};
