import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { StepRequest } from '../../contracts/activities.js';
import { specificationOf } from '../../steps/pipeline.js';
import { declarationIn, keysOf, requestOf, specificationDigestOf } from '../../steps/requests.js';
import { complete, contentOf, stateOf } from '../support/sweeps/plan-of.js';
import { eloquent } from '../support/sweeps/config-settings.js';

const invalid = { code: 'ARGUMENT_INVALID' };
const digest = 'a'.repeat(64);
const sweep = { sweepId: 'tiny-0123456789', specification: digest };
const request: StepRequest = {
  ...sweep,
  coordinates: { dataSet: 'flat', model: 'unet', loss: 'ce', fold: 0 },
  key: digest,
  inputs: [{ unit: 'split flat', ref: { step: 'split', key: digest, digest } }],
  gaps: [],
};

describe('a request', () => {
  it('of any unit of a sweep is accepted as it is', () => {
    const state = stateOf(eloquent);
    let requests = 0;
    for (let ready = state.takeReady(); ready.length > 0; ready = state.takeReady()) {
      for (const one of ready) {
        const { unit, key, inputs, gaps } = one;
        const own = { ...sweep, coordinates: unit.coordinates, key, inputs, gaps };
        assert.deepEqual(requestOf(structuredClone(own)), own);
        requests++;
        if (unit.step === 'evaluate' && unit.coordinates.fold === 0) {
          state.fail(unit.id, { unit: unit.id, kind: 'Diverged', message: 'x', reason: digest });
        } else complete(state, one);
      }
    }
    assert.ok(requests > 50);
  });

  it('is refused if an id or a digest has another form, and can contain no path', () => {
    const path = '../../../home/somebody/.ssh';
    const changes: readonly object[] = [
      { sweepId: path },
      { sweepId: 'tiny' },
      { specification: path },
      { key: path },
      { key: digest.toUpperCase() },
      { coordinates: { dataSet: path } },
      { coordinates: { model: path } },
      { coordinates: { fold: -1 } },
      { coordinates: { fold: '0' } },
      { coordinates: { path } },
      { inputs: [{ unit: 'split', ref: { step: 'split', key: digest, digest: path } }] },
      { inputs: {} },
      { gaps: [{ unit: 'x', cause: { unit: 'x', kind: 'Diverged', message: '', reason: path } }] },
      { more: 1 },
    ];
    assert.ok(requestOf(request));
    for (const change of changes) assert.throws(() => requestOf({ ...request, ...change }), invalid);
    for (const value of [undefined, null, 'x', 1, [], {}]) assert.throws(() => requestOf(value), invalid);
  });
});

it('what is looked up in the store is named by digests', () => {
  assert.deepEqual(keysOf(['', digest]), ['', digest]);
  assert.equal(specificationDigestOf(digest), digest);
  for (const value of ['../x', undefined, 1, `${digest}\n`]) {
    assert.throws(() => keysOf([value]), invalid);
    assert.throws(() => specificationDigestOf(value), invalid);
  }
});

it('the declaration of a shared unit is that of a step of the pipeline', () => {
  for (const step of specificationOf(contentOf(eloquent)).steps) {
    assert.equal(declarationIn(step), step);
    assert.throws(() => declarationIn({ ...step, name: 'constructor' }), invalid);
    assert.throws(() => declarationIn({ ...step, startToCloseHours: -1 }), invalid);
  }
});
