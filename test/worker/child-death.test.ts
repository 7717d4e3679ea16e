import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { errorOfDeath, isWantOfMemory, type ChildDeath } from '../../worker/child-death.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const death: ChildDeath = {
  stalledSeconds: undefined,
  code: null,
  signal: 'SIGKILL',
  caseId: undefined,
  peakBytes: 3 * 2 ** 30,
  kernelRanOutOfMemory: false,
};

const errorOf = (changes: Partial<ChildDeath>, log = 'no.log'): { code: string; message: string } =>
  errorOfDeath('train a/lr/ce/fold-0', { ...death, ...changes }, log);

describe('the death of a computing process', () => {
  it('is named by its cause', async (test) => {
    assert.equal(errorOf({}).code, 'KILLED');
    assert.equal(errorOf({ signal: null, code: 7 }).code, 'CHILD_FAILED');
    assert.equal(errorOf({ stalledSeconds: 61.2 }).code, 'STALLED');
    assert.match(errorOf({ signal: 'SIGSEGV' }).message, /was killed by SIGSEGV; its log is no\.log/);
    const log = join(await temporaryFolder(test), 'train.log');
    await writeFile(log, 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n');
    assert.equal(errorOf({ signal: 'SIGABRT' }, log).code, 'OUT_OF_MEMORY');
    assert.equal(errorOf({ signal: 'SIGABRT' }).code, 'KILLED');
  });

  it('for want of memory says what it had used and what is free', () => {
    const { code, message } = errorOf({ kernelRanOutOfMemory: true });
    assert.equal(code, 'OUT_OF_MEMORY');
    assert.match(message, /ran out of memory \(it had used 3\.0 GiB; \d+\.\d of \d+\.\d GiB are free now\)/);
  });

  it('can be foreseen where TensorFlow says that it has no memory', () => {
    assert.ok(isWantOfMemory(new Error('RESOURCE_EXHAUSTED: OOM when allocating tensor with shape[64,512]')));
    assert.ok(!isWantOfMemory(new Error('shapes differ')));
  });
});
