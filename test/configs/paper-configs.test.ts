import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';

import type { Config } from '../../configs/config-schema.js';
import type { Triple } from '../../domain/image/grid.js';
import { describeNetwork } from '../../domain/training/networks/describe-network.js';
import { nodeShapes, outputShape } from '../../domain/training/networks/node-shapes.js';
import { readSweepContentFor } from '../../storage/sweeps/sweep-content.js';
import { repositoryRoot } from '../support/paths.js';

/**
 * The configs of the paper's four experiments against what the paper (Bertels et al. 2019, "Experiments") and the
 * authors' public code [A] say. What both leave open is not repeated here: it has only to be written out, and to be the
 * same for all four.
 */
const experiment = {
  split: { folds: 5 },
  arms: { models: ['lr', 'convnet', 'unet'], losses: ['ce', 'sd'] },
  network: { upsampling: 'valid' }, // [A]
  training: {
    learningRate: { lr: 1, convnet: 0.001, unet: 0.001 },
    plateau: { patienceEpochs: 75, divideBy: 5 },
    stop: { patienceEpochs: 150 },
    minDelta: 1e-4, // [A]
    validation: 'heldOut', // [A]
    softDice: { epsilon: 1e-7 }, // [A]
  },
  statistics: { significance: 0.05, decides: 'conditional', interval: 'percentile', correction: 'none' },
};

interface Expected {
  readonly modalities: readonly string[];
  readonly dataSet: object;
  /** Of the networks: the authors' output size [A]. */
  readonly output: Triple;
}

const solid = { spacingMm: 2, normalisation: { scope: 'dataset' }, crop: [162, 162, 108] };

const expected: Record<string, Expected> = {
  molars: {
    modalities: ['grey'],
    dataSet: {
      kind: 'folder2d',
      label: { greaterThan: 0 },
      preprocessing: {
        roi: { sizePixels: 448, downsample: 2 },
        mask: 'none', // [A]
        normalisation: { scope: 'dataset' },
        crop: [243, 243],
      },
    },
    output: [217, 217, 1],
  },
  brats2018: {
    modalities: ['FLAIR', 'T1', 'T1ce', 'T2'],
    dataSet: {
      kind: 'brats',
      label: { greaterThan: 0, allowed: [0, 1, 2, 4] }, // whole tumour; the values that the challenge defines
      preprocessing: { ...solid, mask: { modality: 'FLAIR', greaterThan: 0 } }, // mask: [A]
    },
    output: [136, 136, 82],
  },
  isles2017: {
    modalities: ['ADC', 'Tmax', 'MTT', 'TTP', 'rCBF', 'rCBV'],
    dataSet: {
      kind: 'isles2017',
      label: { greaterThan: 0 },
      preprocessing: { ...solid, mask: { modality: 'ADC', greaterThan: 0 } }, // mask: [A]
    },
    output: [136, 136, 82],
  },
  isles2018: {
    modalities: ['CT', 'Tmax', 'MTT', 'CBF', 'CBV'],
    dataSet: {
      kind: 'isles2018',
      label: { greaterThan: 0 },
      preprocessing: { ...solid, mask: { modality: 'CT', greaterThan: -23 } }, // mask: [A]
    },
    output: [136, 136, 82],
  },
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** That all of `part` stands in `whole`; whatever else is there is left aside. */
function assertContains(whole: unknown, part: unknown, path: string): void {
  if (!isObject(part)) {
    assert.deepEqual(whole, part, path);
    return;
  }
  assert.ok(isObject(whole), `${path} is missing`);
  for (const [key, value] of Object.entries(part)) assertContains(whole[key], value, `${path}.${key}`);
}

/** The file as it stands, so that nothing is left to a default that might change. */
function written(name: string): Record<string, unknown> & { readonly training: Record<string, unknown> } {
  return parse(readFileSync(pathOf(name), 'utf8')) as ReturnType<typeof written>;
}

const pathOf = (name: string): string => join(repositoryRoot, 'configs', `${name}.yaml`);

/** The shape of the network input, with one slice in 2D. */
function inputShape({ dataSets }: Config): Triple {
  const [x, y, z = 1] = dataSets[0]?.preprocessing.crop ?? [0, 0];
  return [x, y, z];
}

for (const [name, { modalities, dataSet, output }] of Object.entries(expected)) {
  describe(`configs/${name}.yaml`, () => {
    it("has the paper's values", () => {
      assertContains(written(name), experiment, name);
      const { dataSets } = written(name);
      assert.ok(Array.isArray(dataSets) && dataSets.length === 1);
      assertContains(dataSets[0], { name, modalities, ...dataSet }, 'dataSets[0]');
    });

    it('spells out every value that it uses, those of the paper and all others', async () => {
      const { dataSets, ...config } = (await readSweepContentFor(pathOf(name))).config;
      const { dataSets: sets, training, ...rest } = written(name);
      assert.ok(typeof training === 'object' && 'repeats' in training && training.repeats === 1);
      // A single training is read as no repeats.
      assert.deepEqual(config, { ...rest, training: { ...training, repeats: undefined } });
      // Defaults fill in what 2D does not use, and nothing else.
      const [own] = dataSets;
      const unused =
        name === 'molars' ? { spacingMm: 2, resampling: 'centred', antiAlias: 'gaussian', align: 'none' } : {};
      const [writtenSet] = sets as { preprocessing: object }[];
      assert.deepEqual(own, { ...writtenSet, preprocessing: { ...writtenSet?.preprocessing, ...unused } });
    });

    it("has a crop that every network accepts and that gives the authors' output size", async () => {
      const { config } = await readSweepContentFor(pathOf(name));
      const shape = inputShape(config);
      for (const model of config.arms.models) {
        const { upsampling } = config.network;
        const choice = { model, dimensions: shape[2] === 1 ? 2 : 3, channels: modalities.length, upsampling } as const;
        assert.deepEqual(outputShape(choice, shape), output, model);
        for (const size of nodeShapes(describeNetwork(choice), shape).flat()) {
          assert.ok(Number.isInteger(size) && size > 0, `${model} has a layer of size ${size}`);
        }
      }
    });
  });
}

it('the four experiments differ in their data set and its augmentation alone', () => {
  const [first, ...others] = Object.keys(expected).map((name) => {
    const { training, ...config } = written(name);
    return { ...config, name: '', dataSets: [], training: { ...training, augmentation: {} } };
  });
  for (const other of others) assert.deepEqual(other, first);
});

it('the three in 3D are augmented alike; radiographs, in which left and right differ by place alone, are not mirrored', () => {
  const augmentationOf = (name: string): unknown => written(name).training.augmentation;
  for (const name of ['isles2017', 'isles2018']) {
    assert.deepEqual(augmentationOf(name), augmentationOf('brats2018'));
  }
  // A picture has one axis to turn round.
  const flat = { flipLeftRightProbability: 0, rotationOtherAxesDegrees: 0 };
  assert.deepEqual(augmentationOf('molars'), { ...(augmentationOf('brats2018') as object), ...flat });
});
