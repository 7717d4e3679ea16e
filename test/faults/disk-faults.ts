import { goOn, type Fault, type Moment } from './moments.js';
import { roles, type Role, type SeamAction } from './seam-order.js';

export function fileSystem(action: Exclude<SeamAction, 'hold'>, moment: Moment, seed = 1): Fault {
  const what = {
    ENOSPC: 'a call fails with ENOSPC',
    EIO: 'a call fails with EIO',
    power: 'power fails, and nothing that was not flushed survives',
    reordered: `power fails, and what was not flushed survives in part (seed ${seed})`,
  }[action];
  return {
    what,
    when: moment.when,
    happen: async (sweep) => {
      const run = sweep.start({ at: moment.at, action, seed });
      await sweep.struck(run);
      await goOn(sweep, run, moment);
    },
  };
}

/** A call of any process, by number: no moment is special. `calls` are those that a process of each role makes. */
export function randomFault(seed: number, calls: Readonly<Record<Role, number>>): Fault {
  const actions = ['power', 'reordered', 'ENOSPC', 'EIO'] as const;
  const action = actions[seed % actions.length] ?? 'power';
  const role = roles[Math.floor(seed / actions.length) % roles.length] ?? 'computing';
  const nth = 1 + ((seed * 7919) % calls[role]);
  const moment = { when: `at call ${nth} of the ${role} process`, at: { role, nth } };
  return fileSystem(action, moment, seed);
}
