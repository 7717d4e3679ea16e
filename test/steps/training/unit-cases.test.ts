import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { momentsOf } from '../../../domain/preprocess/moments.js';
import type { CaseStatistics } from '../../../steps/statistics.js';
import { normalisationOf } from '../../../steps/training/unit-cases.js';

const quality = {
  ...{ structureVoxelsBefore: 1, structureVoxelsAfter: 1, volumeBefore: 1, volumeAfter: 1 },
  unpredictable: { fieldOfView: 0, crop: 0, margin: 0, mask: 0 },
  intensities: [],
};

describe('the normalisation of a case', () => {
  const statisticsOf = (id: string, ...of: number[]): CaseStatistics => ({
    id,
    participant: id,
    artifact: '',
    images: '',
    moments: [momentsOf(Float32Array.from(of))],
    quality,
  });
  const [one, two, heldOut] = [
    statisticsOf('one', 0, 2),
    statisticsOf('two', 4, 6),
    statisticsOf('held out', 100, 104),
  ];

  function normalisedBy(scope: 'dataset' | 'training' | 'case'): { mean: number; deviation: number } | undefined {
    return normalisationOf({ training: [one, two], heldOut: [heldOut] }, heldOut, scope)[0];
  }

  it('is computed from the training cases only, so that nothing leaks from the held-out fold', () => {
    // 0, 2, 4, 6: mean 3, variance (9 + 1 + 1 + 9) / 4 = 5.
    assert.deepEqual(normalisedBy('training'), { mean: 3, deviation: Math.sqrt(5) });
  });

  it('is computed from all cases or from the case itself if the config says so', () => {
    assert.equal(normalisedBy('dataset')?.mean, (0 + 2 + 4 + 6 + 100 + 104) / 6);
    assert.deepEqual(normalisedBy('case'), { mean: 102, deviation: 2 });
  });
});
