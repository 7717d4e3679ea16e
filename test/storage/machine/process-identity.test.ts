import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { isAlive, processIdentity, recordedProcess } from '../../../storage/machine/process-identity.js';
import { endedProcess } from '../../support/processes.js';

describe('the identity of a process', () => {
  it('stays the same while it lives, and is none for a process that is not there', () => {
    assert.ok(processIdentity(process.pid));
    assert.equal(processIdentity(process.pid), processIdentity(process.pid));
    assert.equal(processIdentity(2 ** 22 + 1), undefined);
    assert.ok(isAlive(recordedProcess(process.pid)));
  });

  it('differs from that of a process that was started at another time', async () => {
    const ended = await endedProcess();
    assert.notEqual(ended.identity, processIdentity(process.pid));
    assert.ok(!isAlive(ended));
  });
});
