import assert from 'node:assert/strict';
import { test } from 'node:test';

import { perfectLearner } from '../../../../domain/theory/prediction/perfect-learner.js';
import { lossName, type LossChoice } from '../../../../domain/training/losses/loss-choice.js';
import { crossEntropyReference } from '../../../learning/support/losses/ce.js';
import {
  crossEntropySoftDiceFormula,
  diceSemimetricFormula,
  focalFormula,
  generalisedDiceFormula,
  lovaszHingeFormula,
  squaredSoftDiceFormula,
  tverskyFormula,
  type LossFormula,
} from '../../../learning/support/losses/formulas.js';
import type { LossImage } from '../../../learning/support/losses/loss-image.js';
import { softDiceReference } from '../../../learning/support/losses/sd.js';

const softDice =
  (epsilon: number, reduction: 'image' | 'batch' = 'image'): LossFormula =>
  (images) =>
    softDiceReference(images, { epsilon, reduction }).value;

const losses: readonly (readonly [LossChoice, LossFormula])[] = [
  ['ce', (images) => crossEntropyReference(images).value],
  ['sd', softDice(1e-7)],
  ['batchSd', softDice(1e-7, 'batch')],
  [{ kind: 'smoothedSd', epsilon: 20 }, softDice(20)],
  ['squaredSd', squaredSoftDiceFormula],
  ['softJaccard', tverskyFormula(1, 1)],
  [{ kind: 'tversky', alpha: 0.3, beta: 0.7 }, tverskyFormula(0.3, 0.7)],
  [{ kind: 'tversky', alpha: 2, beta: 0.5 }, tverskyFormula(2, 0.5)],
  ['generalisedDice', generalisedDiceFormula],
  ['diceSemimetric', diceSemimetricFormula],
  [{ kind: 'focal', gamma: 2 }, focalFormula(2)],
  [{ kind: 'ceSd', weight: 0.5 }, crossEntropySoftDiceFormula(0.5)],
];

const core = 4;
const regions = [2, 2, 3];
const background = 9;
/** Voxels that the network predicts but that do not count. */
const padding = 6;
const batchSize = 2;

const certain = 40;

/** Every label that an image may have been given, with its chance. */
function labels(probability: number): { truth: number[]; chance: number }[] {
  return Array.from({ length: 2 ** regions.length }, (_, bits) => {
    const present = regions.map((__, j) => (bits >> j) & 1);
    return {
      chance: present.reduce((chance, one) => chance * (one === 1 ? probability : 1 - probability), 1),
      truth: [
        ...new Array<number>(core).fill(1),
        ...regions.flatMap((size, j) => new Array<number>(size).fill(present[j] as number)),
        ...new Array<number>(background + padding).fill(0),
      ],
    };
  });
}

function imageWith(truth: readonly number[], logit: number): LossImage {
  const uncertain = regions.reduce((sum, size) => sum + size, 0);
  return {
    truth,
    logits: truth.map((_, i) => (i < core ? certain : i < core + uncertain ? logit : -certain)),
    mask: truth.map((_, i) => (i < core + uncertain + background ? 1 : 0)),
  };
}

/** The mean loss of a batch over all its labels, if every uncertain voxel has this logit. */
function riskAt(loss: LossFormula, probability: number, logit: number): number {
  const all = labels(probability);
  return all.reduce(
    (risk, first) =>
      risk +
      all.reduce(
        (sum, second) =>
          sum + first.chance * second.chance * loss([imageWith(first.truth, logit), imageWith(second.truth, logit)]),
        0,
      ),
    0,
  );
}

const structureAt = (probability: number) => ({
  ...{ core, regions, probability, voxelVolume: 1 },
  countedVoxels: core + 7 + background,
  predictedVoxels: core + 7 + background + padding,
});
const settings = { softDice: { epsilon: 1e-7, reduction: 'image' }, batchSize } as const;

test('the prediction of lovaszHinge is the mask of the logit of least mean loss', () => {
  const masks = [0.15, 0.4, 0.48, 0.55, 0.9].map((probability) => {
    const { optimalPrediction } = perfectLearner('lovaszHinge', structureAt(probability), settings);
    const [best] = Array.from({ length: 17 }, (_, i) => (i - 8) / 4)
      .map((logit) => [logit, riskAt(lovaszHingeFormula, probability, logit)] as const)
      .reduce((a, b) => (b[1] < a[1] - 1e-12 ? b : a));
    assert.equal(optimalPrediction, best > 0 ? 1 : 0, `p = ${probability}: the best logit is ${best}`);
    return optimalPrediction;
  });
  assert.deepEqual(new Set(masks), new Set([0, 1]));
});

for (const [loss, formula] of losses) {
  test(`the prediction of ${lossName(loss)} is the one of least mean loss over all labels of a batch`, () => {
    for (const probability of [0.15, 0.4, 0.48, 0.55, 0.9]) {
      const { optimalPrediction } = perfectLearner(loss, structureAt(probability), settings);
      const logitOf = (q: number): number => Math.max(-certain, Math.min(certain, Math.log(q / (1 - q))));
      const found = riskAt(formula, probability, logitOf(optimalPrediction));
      const [step, best] = Array.from({ length: 41 }, (_, i) => i / 40)
        .map((q) => [q, riskAt(formula, probability, logitOf(q))] as const)
        .reduce((a, b) => (b[1] < a[1] ? b : a));
      assert.ok(found <= best + 1e-12, `p = ${probability}: ${optimalPrediction} costs ${found}, ${step} ${best}`);
    }
  });
}

test('a loss of batches is computed over the training’s batches', () => {
  const structure = {
    ...{ core: 4, regions: [40], probability: 0.48, voxelVolume: 1 },
    ...{ countedVoxels: 100, predictedVoxels: 100 },
  };
  const predict = (loss: 'sd' | 'batchSd', reduction: 'image' | 'batch', images: number): number =>
    perfectLearner(loss, structure, { softDice: { epsilon: 1e-7, reduction }, batchSize: images }).optimalPrediction;
  // One region: p* = ½. More of them, over a batch: p* falls below 0.48.
  assert.equal(predict('sd', 'image', 8), 0);
  assert.equal(predict('sd', 'batch', 8), 1);
  assert.equal(predict('batchSd', 'image', 8), 1);
  assert.equal(predict('batchSd', 'image', 1), 0);
});

test('a large ε moves the switch of soft Dice towards ½', () => {
  const structure = {
    ...{ core: 10, regions: [10, 10, 10, 10], probability: 0.45, voxelVolume: 1 },
    ...{ countedVoxels: 100, predictedVoxels: 100 },
  };
  const predict = (epsilon: number): number =>
    perfectLearner('sd', structure, { softDice: { epsilon, reduction: 'image' }, batchSize: 1 }).optimalPrediction;
  // p* of four regions with μ = 4 is 0.3590 without ε.
  assert.deepEqual([predict(1e-7), predict(1000)], [1, 0]);
});
