import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';

import { training, type Fault } from './moments.js';

function environment(what: string, order: object, variables: Readonly<Record<string, string>> = {}): Fault {
  return {
    what,
    when: 'throughout, with a kill in the middle of a training',
    happen: async (sweep) => {
      const run = sweep.start({ at: training.at, ...order }, variables);
      await sweep.held(run);
      sweep.killAll();
      await run.ended;
      await rm(sweep.scratch, { recursive: true, force: true });
      const again = sweep.start(order, variables);
      const { code, errors } = await again.ended;
      assert.equal(code, 0, errors);
    },
  };
}

export const environments: readonly Fault[] = [
  environment('a clock that is a day ahead', { clockDays: 1 }),
  environment('a clock that is a day behind', { clockDays: -1 }),
  environment(
    'another time zone and language',
    {},
    { TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' },
  ),
  environment('folders that are read in the opposite order', { reverseFolders: true }),
];
