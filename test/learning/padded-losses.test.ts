import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import type { Triple } from '../../domain/image/grid.js';
import { voxelCount } from '../../domain/image/grid.js';
import { describeNetwork } from '../../domain/training/networks/describe-network.js';
import type { NetworkChoice } from '../../domain/training/networks/network.js';
import { parameterLayout } from '../../domain/training/networks/parameter-layout.js';
import { chooseLoss } from '../../learning/losses/choose-loss.js';
import type { TrainingCase } from '../../learning/training/training-case.js';
import { toNetworkCase } from '../../steps/training/case-loader.js';
import { fixturesFolder } from '../support/paths.js';
import { boxLabel, deviation, forwardAndBackward, type Summary } from './support/pytorch-reference.js';
import { congruential } from './support/small-problems.js';

interface PaddedCase extends NetworkChoice {
  readonly crop: Triple;
  /** The shape of each image. */
  readonly images: readonly Triple[];
  readonly seed: number;
  readonly results: readonly {
    readonly loss: 'ce' | 'sd';
    readonly reduction: 'image' | 'batch';
    readonly counted: readonly number[];
    readonly value: number;
    readonly logitsGradient: Summary;
    readonly gradients: readonly Summary[];
  }[];
}

// Made by padded_losses.py beside it, in double precision.
const { cases: references } = JSON.parse(
  readFileSync(join(fixturesFolder, 'learning', 'padded-losses.json'), 'utf8'),
) as {
  readonly cases: readonly PaddedCase[];
};

/** Padded as a training pads them. The second image has the script's mask, without every third voxel. */
function paddedCases({ channels, crop, images, seed }: PaddedCase): TrainingCase[] {
  return images.map((shape, index) => {
    const label = boxLabel(shape, 0);
    const size = voxelCount(shape);
    const noise = congruential(seed + index, channels * size);
    const voxels = {
      grid: {
        ...{ shape, spacingMm: [1, 1, 1] as const },
        affine: [
          [1, 0, 0, 0],
          [0, 1, 0, 0],
          [0, 0, 1, 0],
        ] as const,
      },
      images: Array.from({ length: channels }, (_, channel) =>
        Float32Array.from(label, (value, i) => Math.fround(0.5 * (noise[channel * size + i] as number)) + value),
      ),
      label,
      ...(index === 1 && { mask: label.map((_, i) => (i % 3 === 0 ? 0 : 1)) }),
    };
    const normalisation = Array.from({ length: channels }, () => ({ mean: 0, deviation: 1 }));
    return toNetworkCase(voxels, { normalisation, cropShape: crop });
  });
}

for (const one of references) {
  const { model, dimensions, upsampling } = one;
  for (const { loss, reduction, value, logitsGradient, gradients } of one.results) {
    const title = `${model} in ${String(dimensions)}D, ${upsampling} up-sampling, ${loss} by ${reduction}`;
    test(`${title}: of padded and masked images, loss and gradients agree with PyTorch on the voxels inside`, () => {
      const names = parameterLayout(describeNetwork(one)).map(({ name }) => name);
      const ours = forwardAndBackward(
        one,
        chooseLoss(loss, { softDice: { epsilon: 1e-7, reduction } }),
        paddedCases(one),
      );
      assert.ok(Math.abs(ours.value - value) / value <= 1e-5, `loss ${String(ours.value)} instead of ${String(value)}`);
      assert.ok(deviation(ours.logitsGradient, logitsGradient) <= 1e-5, 'gradient of the logits');
      assert.equal(ours.gradients.length, gradients.length);
      ours.gradients.forEach((gradient, index) => {
        const difference = deviation(gradient, gradients[index] as Summary);
        assert.ok(difference <= 1e-4, `gradient of ${names[index] ?? ''} deviates by ${String(difference)}`);
      });
    });
  }
}
