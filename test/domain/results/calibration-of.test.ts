import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { reliabilityOf } from '../../../domain/evaluate/segmentation/reliability.js';
import { calibrationOf } from '../../../domain/results/calibration-of.js';
import type { TrainingReliability } from '../../../domain/results/results-input.js';
import { calibrationReferences } from '../../support/calibration-references.js';

interface Voxels {
  readonly truth: Uint8Array;
  readonly predicted: Float32Array;
}

function training({ truth, predicted }: Voxels, fold = 0, repeat?: number): TrainingReliability {
  const predictable = new Uint8Array(truth.length).fill(1);
  const place = { dataSet: 'd', model: 'lr', loss: 'ce', fold, ...(repeat !== undefined && { repeat }) };
  return { ...place, ...reliabilityOf({ truth, predicted, predictable }) };
}

describe('the calibration of an arm', () => {
  for (const { name, slope, standardError, ...voxels } of calibrationReferences.cases) {
    it(`has SciPy's slope of single voxels to a tenth of its standard error, although it sees bins: ${name}`, () => {
      const found = calibrationOf([training(voxels)])?.slope ?? NaN;
      assert.ok(Math.abs(found - slope) < standardError / 10, `${found}, not ${slope} ± ${standardError}`);
    });
  }

  it('has bins, their error and the share of uncertain volume over all trainings', () => {
    const one = training({ truth: Uint8Array.of(0, 1, 0, 1), predicted: Float32Array.of(0, 0.25, 0.25, 1) });
    const two = training({ truth: Uint8Array.of(1, 1, 0, 0), predicted: Float32Array.of(1, 0.5, 0.5, 0.5) }, 1);
    const found = calibrationOf([one, two]);
    // Σ ŷ = 0, 0.5, 1.5, 2 in bins of 1, 2, 3 and 2 voxels, with 0, 1, 1 and 2 of structure.
    assert.deepEqual(found?.bins, [
      { lowest: 0, highest: 0.1, voxels: 1, predicted: 0, observed: 0, volumeShare: 0 },
      { lowest: 0.2, highest: 0.3, voxels: 2, predicted: 0.25, observed: 0.5, volumeShare: 0.125 },
      { lowest: 0.5, highest: 0.6, voxels: 3, predicted: 0.5, observed: 1 / 3, volumeShare: 0.375 },
      { lowest: 0.9, highest: 1, voxels: 2, predicted: 1, observed: 1, volumeShare: 0.5 },
    ]);
    assert.deepEqual(
      [found.voxels, found.expectedCalibrationError, found.misplacedShare, found.uncertainShare],
      [8, 1 / 8, 1 / 4, 0.5],
    );
  });

  it('does not depend on the order of trainings', () => {
    const [first, second, third] = calibrationReferences.cases;
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    const trainings = [training(first), training(second, 0, 1), training(third, 1)];
    assert.deepEqual(calibrationOf(trainings.toReversed()), calibrationOf(trainings));
  });

  it('is null without voxels, and has no slope or share where there is none', () => {
    assert.equal(calibrationOf([]), null);
    assert.equal(calibrationOf([training({ truth: new Uint8Array(0), predicted: new Float32Array(0) })]), null);
    const empty = calibrationOf([training({ truth: Uint8Array.of(0, 1), predicted: Float32Array.of(0, 0) })]);
    assert.deepEqual(
      [empty?.slope, empty?.misplacedShare, empty?.uncertainShare, empty?.bins[0]?.volumeShare],
      [null, null, null, 0],
    );
  });
});
