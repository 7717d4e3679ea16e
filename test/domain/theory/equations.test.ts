import assert from 'node:assert/strict';
import { test } from 'node:test';

import { crossEntropy, diceScore, mapVolume, regionVolumes, softDiceLoss } from '../../../domain/theory/equations.js';

test('Dice of two label maps is twice the overlap over the sum of sizes (Eq. 1)', () => {
  // |C ∩ Ĉ| = 1, |C| = 2, |Ĉ| = 3.
  assert.equal(diceScore({ truth: [1, 1, 0, 0, 0], predicted: [0, 1, 1, 1, 0] }), 2 / 5);
  assert.equal(diceScore({ truth: [0, 0], predicted: [0, 0] }), 1);
  assert.equal(diceScore({ truth: [0, 0], predicted: [1, 0] }), 0);
});

test('the volume of a label or probability map is its sum times the volume of a voxel (Eq. 2, 3)', () => {
  assert.equal(mapVolume(Uint8Array.from([1, 0, 1]), 0.008), 0.016);
  assert.equal(mapVolume([0.25, 0.5], 2), 1.5);
  assert.equal(mapVolume([], 2), 0);
});

test('cross-entropy is a sum over voxels in nats, 0 for a sure right prediction and infinite for a sure wrong one (Eq. 5)', () => {
  const sum = crossEntropy({ truth: [1, 0, 0.5], predicted: [0.5, 0.25, 0.5] });
  assert.ok(Math.abs(sum - (Math.log(2) - Math.log(0.75) + Math.log(2))) < 1e-15);
  assert.equal(crossEntropy({ truth: [1, 0], predicted: [1, 0] }), 0);
  assert.equal(crossEntropy({ truth: [1], predicted: [0] }), Infinity);
});

test('soft Dice loss of binary maps is one minus their Dice (Eq. 6)', () => {
  const maps = { truth: [1, 1, 0, 0, 0], predicted: [0, 1, 1, 1, 0] };
  assert.equal(softDiceLoss(maps), 1 - diceScore(maps));
  assert.equal(softDiceLoss({ truth: [1, 0], predicted: [0.5, 0.5] }), 1 - (2 * 0.5) / 2);
  assert.equal(softDiceLoss({ truth: [0, 0], predicted: [0, 0] }), 0);
});

test('region volumes are Σ s p and Σ s p̂ (Eq. 7)', () => {
  const volumes = regionVolumes({ volumes: [100, 4, 1], probabilities: [0, 0.25, 1], predictions: [0, 1, 1] });
  assert.deepEqual(volumes, { truth: 2, predicted: 5 });
});

test('maps of unlike length, labels other than 0 and 1 and probabilities outside [0, 1] are refused', () => {
  assert.throws(() => diceScore({ truth: [1], predicted: [1, 0] }), { code: 'IMAGE_SHAPE_MISMATCH' });
  assert.throws(() => diceScore({ truth: [2], predicted: [1] }), { code: 'LABEL_INVALID' });
  assert.throws(() => softDiceLoss({ truth: [1], predicted: [1.01] }), { code: 'ARGUMENT_INVALID' });
  assert.throws(() => crossEntropy({ truth: [NaN], predicted: [0.5] }), { code: 'ARGUMENT_INVALID' });
});
