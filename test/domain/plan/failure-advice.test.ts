import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { failureKinds } from '../../../contracts/failures.js';
import { mayRerun, remediesFor } from '../../../domain/plan/failure-advice.js';

describe('advice after a failure', () => {
  it('names what to change for each kind of failure that comes again, once', () => {
    const failures = ['Diverged', 'DataInvalid', 'Killed', 'Diverged', 'ConfigInvalid'].map((kind) => ({ kind }));
    const remedies = remediesFor(failures);
    assert.deepEqual(
      remedies.map((remedy) => /settings of the data set|setting that is named|learningRate/.exec(remedy)?.[0]),
      ['settings of the data set', 'setting that is named', 'learningRate'],
    );
    assert.deepEqual(remediesFor([{ kind: 'Killed' }]), []);
  });

  it('is to run again wherever that may help', () => {
    const kinds = Object.keys(failureKinds).map((kind) => ({ kind }));
    const never = kinds.filter((failure) => !mayRerun(failure)).map(({ kind }) => kind);
    assert.deepEqual(never, ['ConfigInvalid', 'DataInvalid', 'Diverged']);
    assert.equal(remediesFor(kinds).length, never.length);
  });
});
