import { it } from 'node:test';

import { copyOfPackage } from '../support/package-copy.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { mutants } from './mutants.js';

// Whether it has consequences: npm run test:faults -- control.
for (const { without, changes } of mutants) {
  it(`the package can be built without ${without}`, async (test) => {
    await copyOfPackage(await temporaryFolder(test), changes);
  });
}
