import assert from 'node:assert/strict';

import type { StartedCommandLine } from '../support/command-line.js';
import type { DisturbedSweep } from './fault-bench.js';
import type { Call } from './seam-order.js';

/** Something that goes wrong, and what must hold afterwards, beyond the bytes of the undisturbed run. */
export interface Fault {
  readonly what: string;
  readonly when: string;
  /** Disturbs the run, goes on, and asserts what is special about it. */
  readonly happen: (sweep: DisturbedSweep) => Promise<void>;
}

export interface Moment {
  readonly when: string;
  readonly at: Call;
  /** Whether a training goes on from a checkpoint. */
  readonly resumes?: true;
}

export const moments: readonly Moment[] = [
  { when: 'while preparing', at: { role: 'computing', operation: 'rename', path: '^objects/', nth: 2 } },
  {
    when: 'in the middle of a training',
    at: { role: 'computing', operation: 'rename', path: 'checkpoint\\.previous\\.bin$', nth: 3 },
    resumes: true,
  },
  {
    when: 'between a checkpoint’s write and its rename',
    at: { role: 'computing', operation: 'rename', path: 'checkpoint\\.bin$', nth: 3 },
    resumes: true,
  },
  { when: 'between store and index', at: { role: 'computing', operation: 'open', path: '^index/', nth: 4 } },
  {
    when: 'while the report is written',
    at: { role: 'command line', operation: 'rename', path: '^sweeps/[^/]+/report/', nth: 2 },
  },
];

export const [preparing, training, , , reporting] = moments as readonly [Moment, Moment, Moment, Moment, Moment];

/** Waits for the run, and runs the sweep again unless it has ended well. */
export async function goOn(sweep: DisturbedSweep, run: StartedCommandLine, { resumes }: Moment): Promise<void> {
  const { code } = await run.ended;
  sweep.killAll();
  await sweep.assertNothingLost();
  if (code === 0) return;
  await sweep.resume();
  // From a checkpoint that an earlier process had saved.
  if (resumes === true) assert.ok((await sweep.records('resumption')).length > 0, 'a training began anew');
}
