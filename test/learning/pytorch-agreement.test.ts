import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import type { Triple } from '../../domain/image/grid.js';
import { voxelCount } from '../../domain/image/grid.js';
import { describeNetwork } from '../../domain/training/networks/describe-network.js';
import type { NetworkChoice } from '../../domain/training/networks/network.js';
import { outputShape } from '../../domain/training/networks/node-shapes.js';
import { parameterLayout } from '../../domain/training/networks/parameter-layout.js';
import type { LossName } from '../../domain/training/training-settings.js';
import { adamStart } from '../../learning/training/adam.js';
import { inputTensor, truthTensors } from '../../learning/training/batch.js';
import { reshape } from '../../learning/tensorflow/kernels.js';
import { chooseLoss } from '../../learning/losses/choose-loss.js';
import { networkPass } from '../../learning/network/network-pass.js';
import { splitParameters } from '../../learning/network/parameters.js';
import { dispose, floatTensor, readFloats } from '../../learning/tensorflow/tensorflow.js';
import { trainer } from '../../learning/training/trainer.js';
import type { TrainingCase } from '../../learning/training/training-case.js';
import { fixturesFolder } from '../support/paths.js';
import { congruential, tinyTraining } from './support/small-problems.js';

interface Summary {
  readonly norm: number;
  readonly projection: number;
  readonly entries: readonly number[];
}

interface ReferenceCase extends NetworkChoice {
  readonly loss: LossName;
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

/** The largest deviation of norm, projection and entries, each as a share of the array's norm. */
function deviation(values: Float32Array, expected: Summary): number {
  const squares = values.reduce((sum, value) => sum + value * value, 0);
  const direction = congruential(777, values.length);
  const projection = values.reduce((sum, value, index) => sum + value * (direction[index] as number), 0);
  const step = Math.max(1, Math.floor(values.length / 4));
  return Math.max(
    Math.abs(Math.sqrt(squares) - expected.norm) / expected.norm,
    // A random direction has norm √(n/3), and so a projection of that many times the deviation's own norm.
    Math.abs(projection - expected.projection) / expected.norm / Math.sqrt(values.length / 3),
    ...expected.entries.map((entry, index) => Math.abs((values[index * step] as number) - entry) / expected.norm),
  );
}

function referenceWeights(network: NetworkChoice): Float32Array {
  const layout = parameterLayout(describeNetwork(network));
  const last = layout.at(-1);
  const weights = new Float32Array(last === undefined ? 0 : last.offset + last.size);
  layout.forEach(({ shape, size, offset }, index) => {
    const isBias = shape.length === 1;
    const scale = isBias ? 0.1 : Math.fround(Math.sqrt(6 / (size / (shape.at(-1) as number))));
    congruential(index + 1, size).forEach((value, i) => {
      weights[offset + i] = isBias ? value * scale : Math.fround(value) * scale;
    });
  });
  return weights;
}

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

/** The script's box: without a sixth at both ends of every axis; in the second case of a batch from 0 to a half. */
function boxLabel(shape: Triple, index: number): Uint8Array {
  const label = new Uint8Array(voxelCount(shape));
  const inside = (position: number, size: number): boolean => {
    const sixth = Math.floor(size / 6);
    // A 2D image has one slice, which is all in.
    if (size === 1) return true;
    return index === 0 ? position >= sixth && position < size - sixth : position < Math.floor((size + 1) / 2);
  };
  for (let k = 0, i = 0; k < shape[2]; k++) {
    for (let j = 0; j < shape[1]; j++) {
      for (let x = 0; x < shape[0]; x++, i++) {
        label[i] = inside(x, shape[0]) && inside(j, shape[1]) && inside(k, shape[2]) ? 1 : 0;
      }
    }
  }
  return label;
}

function forwardAndBackward(one: ReferenceCase): {
  readonly value: number;
  readonly logits: Float32Array;
  readonly gradients: readonly Float32Array[];
} {
  const description = describeNetwork(one);
  const layout = parameterLayout(description);
  const weights = referenceWeights(one);
  const geometry = { network: one, inputShape: one.shape, outputShape: outputShape(one, one.shape) };
  const cases = referenceCases(one);
  const flat = floatTensor([weights.length], weights);
  const parameters = splitParameters(flat, layout);
  const input = inputTensor(cases, geometry);
  const maps = truthTensors(cases, geometry);
  const forward = networkPass(description).forward(parameters, input);
  const logits = readFloats(forward.logits);
  const rows = reshape(forward.logits, [one.batch, voxelCount(geometry.outputShape)]);
  const { value, gradient } = chooseLoss(one.loss, tinyTraining).valueAndGradient({ logits: rows, ...maps });
  const shaped = reshape(gradient, forward.logits.shape);
  const gradients = forward.backward(shaped);
  const result = { value, logits, gradients: gradients.map(readFloats) };
  dispose(flat, ...parameters, input, rows, gradient, ...gradients, maps.truth);
  return result;
}

for (const one of reference.cases) {
  const { model, dimensions, upsampling, loss, channels } = one;
  const title = `${model} in ${String(dimensions)}D, ${upsampling} up-sampling, ${loss}, ${String(channels)} channels`;
  test(`${title}: logits, loss and gradients agree with PyTorch`, () => {
    assert.deepEqual(outputShape(one, one.shape), one.outputShape);
    const names = parameterLayout(describeNetwork(one)).map(({ name }) => name);
    assert.deepEqual(names, one.names);
    const { value, logits, gradients } = forwardAndBackward(one);
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
