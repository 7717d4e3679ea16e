import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { pooledReliability, reliabilityOf } from '../../../../domain/evaluate/segmentation/reliability.js';
import { calibrationReferences } from '../../../support/calibration-references.js';

const everywhere = (voxels: number): Uint8Array => new Uint8Array(voxels).fill(1);

describe('the reliability of probabilities', () => {
  for (const { name, truth, predicted, bins } of calibrationReferences.cases) {
    it(`has the bins that NumPy finds: ${name}`, () => {
      const { probabilities, logOdds } = reliabilityOf({ truth, predicted, predictable: everywhere(truth.length) });
      assert.deepEqual(
        probabilities.map(({ bin, voxels, truth: inside }) => [bin, voxels, inside]),
        bins.map(({ bin, voxels, truth: inside }) => [bin, voxels, inside]),
      );
      for (const [index, one] of probabilities.entries()) {
        assert.ok(Math.abs(one.predicted - (bins[index]?.predicted ?? NaN)) < 1e-9, `Σ ŷ of bin ${one.bin}`);
      }
      // Each bin of log-odds holds what belongs there.
      for (const { bin, voxels, predicted: sum } of logOdds) {
        const mean = sum / voxels;
        assert.ok(mean >= -16 + bin / 8 - 1e-12 && mean <= -15.875 + bin / 8 + 1e-12, `bin ${bin} has ${mean}`);
      }
      assert.equal(
        logOdds.reduce((total, one) => total + one.voxels, 0),
        truth.length,
      );
    });
  }

  it('leaves out voxels that the network does not predict', () => {
    const voxels = { truth: Uint8Array.of(1, 1, 0), predicted: Float32Array.of(0.75, 0, 0.25) };
    const found = reliabilityOf({ ...voxels, predictable: Uint8Array.of(1, 0, 1) });
    assert.deepEqual(found.probabilities, [
      { bin: 2, voxels: 1, predicted: 0.25, truth: 0 },
      { bin: 7, voxels: 1, predicted: 0.75, truth: 1 },
    ]);
    // ln(3) = 1.0986 lies in [1, 1.125), −1.0986 in [−1.125, −1).
    assert.deepEqual(
      found.logOdds.map(({ bin }) => bin),
      [119, 136],
    );
    assert.deepEqual(reliabilityOf({ ...voxels, predictable: new Uint8Array(3) }), { probabilities: [], logOdds: [] });
  });

  it('counts soft truths by their share', () => {
    const voxels = { truth: Float32Array.of(0.25, 0.5), predicted: Float32Array.of(0.5, 0.5) };
    const { probabilities } = reliabilityOf({ ...voxels, predictable: everywhere(2) });
    assert.deepEqual(probabilities, [{ bin: 5, voxels: 2, predicted: 1, truth: 0.75 }]);
  });

  it('of several cases is that of all their voxels', () => {
    const parts = [
      { truth: Uint8Array.of(1, 0), predicted: Float32Array.of(0.5, 0.25) },
      { truth: Uint8Array.of(0, 1, 1), predicted: Float32Array.of(0.5, 1, 0.75) },
    ];
    const whole = { truth: Uint8Array.of(1, 0, 0, 1, 1), predicted: Float32Array.of(0.5, 0.25, 0.5, 1, 0.75) };
    assert.deepEqual(
      pooledReliability(parts.map((part) => reliabilityOf({ ...part, predictable: everywhere(part.truth.length) }))),
      reliabilityOf({ ...whole, predictable: everywhere(5) }),
    );
    assert.deepEqual(pooledReliability([]), { probabilities: [], logOdds: [] });
  });
});
