import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { isAlive, recordedProcess } from '../../../storage/machine/process-identity.js';
import { endedProcess } from '../../support/processes.js';

describe('the identity of a process', () => {
  it('stays the same while the process lives, and is undefined if there is no such process', () => {
    const own = recordedProcess(process.pid);
    assert.ok(own.identity);
    assert.deepEqual(recordedProcess(process.pid), own);
    assert.ok(isAlive(own));
    // On Linux, process numbers are at most 2 ** 22.
    const nobody = recordedProcess(2 ** 22 + 1);
    assert.equal(nobody.identity, '');
    assert.ok(!isAlive(nobody));
  });

  it('differs from that of a process started at another time', async () => {
    const ended = await endedProcess();
    assert.notEqual(ended.identity, recordedProcess(process.pid).identity);
    assert.ok(!isAlive(ended));
  });
});
