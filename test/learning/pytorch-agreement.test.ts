import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { voxelCount } from '../../domain/image/grid.js';
import { describeNetwork } from '../../domain/training/networks/describe-network.js';
import type { NetworkChoice } from '../../domain/training/networks/network.js';
import { outputShape } from '../../domain/training/networks/node-shapes.js';
import { parameterLayout } from '../../domain/training/networks/parameter-layout.js';
import { adamStart } from '../../learning/training/adam.js';
import { chooseLoss } from '../../learning/losses/choose-loss.js';
import { trainer } from '../../learning/training/trainer.js';
import type { TrainingCase } from '../../learning/training/training-case.js';
import { fixturesFolder } from '../support/paths.js';
import {
  boxLabel,
  deviation,
  forwardAndBackward,
  referenceWeights,
  type Summary,
} from './support/pytorch-reference.js';
import { congruential, tinyTraining } from './support/small-problems.js';

interface ReferenceCase extends NetworkChoice {
  readonly loss: 'ce' | 'sd';
  readonly shape: [number, number, number];
  readonly batch: number;
  readonly learningRate: number;
  readonly seed: number;
  readonly parameters: number;
  readonly outputShape: readonly number[];
  readonly value: number;
  readonly logitsStep: number;
  readonly logits: readonly number[];
  readonly logitsSummary: Summary;
  readonly names: readonly string[];
  readonly gradients: readonly Summary[];
  readonly losses: readonly number[];
  readonly changes: readonly Summary[];
}

// Made by pytorch_reference.py beside it, in double precision.
const reference = JSON.parse(readFileSync(join(fixturesFolder, 'learning', 'pytorch-reference.json'), 'utf8')) as {
  readonly torch: string;
  readonly cases: readonly ReferenceCase[];
};

const norm = (values: ArrayLike<number>): number => Math.hypot(...Array.from(values));

function referenceCases(one: ReferenceCase): TrainingCase[] {
  const voxels = voxelCount(one.shape);
  const noise = congruential(one.seed, one.batch * one.channels * voxels);
  return Array.from({ length: one.batch }, (_, index) => {
    const label = boxLabel(one.shape, index);
    const images = Array.from({ length: one.channels }, (_unused, channel) => {
      const start = (index * one.channels + channel) * voxels;
      return Float32Array.from(label, (value, i) => Math.fround(0.5 * (noise[start + i] as number)) + value);
    });
    return { shape: one.shape, images, label };
  });
}

for (const one of reference.cases) {
  const { model, dimensions, upsampling, loss, channels } = one;
  const title = `${model} in ${String(dimensions)}D, ${upsampling} up-sampling, ${loss}, ${String(channels)} channels`;
  test(`${title}: logits, loss and gradients agree with PyTorch`, () => {
    assert.deepEqual(outputShape(one, one.shape), one.outputShape);
    const names = parameterLayout(describeNetwork(one)).map(({ name }) => name);
    assert.deepEqual(names, one.names);
    const { value, logits, gradients } = forwardAndBackward(
      one,
      chooseLoss(one.loss, tinyTraining),
      referenceCases(one),
    );
    const sampled = one.logits.map((expected, index) => (logits[index * one.logitsStep] as number) - expected);
    assert.ok(norm(sampled) / norm(one.logits) <= 1e-5, 'sampled logits');
    assert.ok(deviation(logits, one.logitsSummary) <= 1e-5, 'all logits');
    assert.ok(Math.abs(value - one.value) / one.value <= 1e-5, 'loss');
    gradients.forEach((gradient, index) => {
      const difference = deviation(gradient, one.gradients[index] as Summary);
      assert.ok(difference <= 1e-4, `gradient of ${names[index] ?? ''} deviates by ${String(difference)}`);
    });
  });

  test(`${title}: ten steps of Adam agree with PyTorch`, () => {
    const cases = referenceCases(one);
    const start = referenceWeights(one);
    const model = trainer({
      network: one,
      inputShape: one.shape,
      loss: chooseLoss(one.loss, tinyTraining),
      adam: tinyTraining.adam,
      start: adamStart(start),
    });
    for (const expected of one.losses) {
      const value = model.step(cases, one.learningRate);
      assert.ok(Math.abs(value - expected) / expected <= 1e-3, `loss ${String(value)} instead of ${String(expected)}`);
    }
    const weights = model.weights();
    model.dispose();
    parameterLayout(describeNetwork(one)).forEach(({ name, offset, size }, index) => {
      const change = weights.slice(offset, offset + size).map((value, i) => value - (start[offset + i] as number));
      const difference = deviation(change, one.changes[index] as Summary);
      assert.ok(difference <= 1e-3, `change of ${name} deviates by ${String(difference)}`);
    });
  });
}
