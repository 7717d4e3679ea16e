import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { preparationOf } from '../../../domain/results/preparation-of.js';
import { tumours } from './tumours.js';

const nothing = { fieldOfView: 0, crop: 0, margin: 0, mask: 0 };
const row = { volumeBefore: 2, volumeAfter: 2, structureVoxels: 10, unpredictable: nothing };

describe('preparationOf', () => {
  it('averages the relative changes of the cases that have a structure', () => {
    const quality = [
      { ...row, caseId: 'a', volumeAfter: 3 },
      { ...row, caseId: 'b', volumeAfter: 0 },
      { ...row, caseId: 'c', volumeBefore: 0 },
    ];
    const { change, empty, vanished, cases } = preparationOf({ ...tumours, quality });
    assert.deepEqual(change, { mean: -0.25, lowest: -1, highest: 0.5 });
    assert.deepEqual([empty, vanished, cases], [['c'], ['b'], 3]);
    assert.equal(preparationOf({ ...tumours, quality: quality.slice(2) }).change, null);
  });

  it('has the cases with structure that cannot be predicted, the largest share first, and those with voxels that were not finite', () => {
    const quality = [
      { ...row, caseId: 'a', unpredictable: { ...nothing, crop: 0.5 }, nonFiniteVoxels: 3 },
      { ...row, caseId: 'c', unpredictable: { ...nothing, margin: 0.5, mask: 0.5 }, nonFiniteVoxels: 0 },
      { ...row, caseId: 'b', volumeBefore: 1, unpredictable: { ...nothing, fieldOfView: 0.5 } },
      { ...row, caseId: 'd' },
    ];
    const preparation = preparationOf({ ...tumours, quality });
    assert.deepEqual(preparation.unpredictable, [
      { caseId: 'b', volume: 0.5, of: 1 },
      { caseId: 'c', volume: 1, of: 2 },
      { caseId: 'a', volume: 0.5, of: 2 },
    ]);
    const mean = { fieldOfView: 0.125, crop: 0.125, margin: 0.125, mask: 0.125 };
    assert.deepEqual(preparation.meanUnpredictable, mean);
    assert.deepEqual([preparation.patched, preparation.patchedVoxels], [['a'], 3]);
  });

  it('has the cases with modalities from another grid, and the voxels that these do not reach', () => {
    const aligned = [
      { modality: 'T1', outsideVoxels: 2 },
      { modality: 'T2', outsideVoxels: 5 },
    ];
    const quality = [
      { ...row, caseId: 'a', aligned },
      { ...row, caseId: 'b' },
    ];
    const preparation = preparationOf({ ...tumours, quality });
    assert.deepEqual([preparation.aligned, preparation.outsideVoxels], [['a'], 7]);
  });

  it('has the cases with sheared axes, and the largest angle', () => {
    const quality = [
      { ...row, caseId: 'a', shearDegrees: 14 },
      { ...row, caseId: 'b' },
      { ...row, caseId: 'c', shearDegrees: 20 },
    ];
    const { sheared, largestShearDegrees } = preparationOf({ ...tumours, quality });
    assert.deepEqual([sheared, largestShearDegrees], [['a', 'c'], 20]);
    assert.equal(preparationOf({ ...tumours, quality: quality.slice(1, 2) }).largestShearDegrees, 0);
  });

  it('counts the cases that were left out among those that were found', () => {
    assert.equal(preparationOf({ ...tumours, excluded: [{ caseId: 'x', reason: 'empty' }] }).foundCases, 3);
  });
});
