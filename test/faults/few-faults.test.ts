import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';

import { killProcessesOf, processesCanBeFound } from '../support/processes.js';
import { temporaryFolderOfFile } from '../support/temporary-folder.js';
import { FaultBench } from './fault-bench.js';
import { fewFaults } from './faults.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('faults');

// All faults: npm run test:faults (docs/faults.md).
describe('a sweep ends with the bytes of the undisturbed one', { skip, concurrency: 1 }, () => {
  let bench: FaultBench;

  before(async () => {
    bench = await FaultBench.open(root);
  });
  after(async () => {
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  for (const { what, when, happen } of fewFaults) {
    it(`after ${what}, ${when}`, async () => {
      const sweep = bench.disturb(`${what} ${when}`.slice(0, 60));
      await happen(sweep);
      await sweep.assertUndisturbed();
    });
  }
});
