import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';

import type { Config } from '../../configs/config-schema.js';
import type { Triple } from '../../domain/image/grid.js';
import { describeNetwork } from '../../domain/training/networks/describe-network.js';
import { nodeShapes, outputShape } from '../../domain/training/networks/node-shapes.js';
import { parameterCount } from '../../domain/training/networks/parameter-layout.js';
import { readSweepContentFor } from '../../storage/sweeps/sweep-content.js';
import { repositoryRoot } from '../support/paths.js';

/**
 * Checks the configs of the paper's four experiments against the paper (Bertels et al. 2019, "Experiments"). Sources of
 * the values: [P] the paper's text, [A] the authors' public code, [D] this project's decision where both are silent.
 */

const augmentation = {
  // [P] "augmented intensively"; the values: [D], near No New-Net's.
  rotationInPlaneDegrees: 15,
  rotationOtherAxesDegrees: 5,
  scale: [0.85, 1.25],
  translationVoxels: 5,
  elastic: { gridSpacingVoxels: 30, shiftVoxels: [1, 3], smoothingVoxels: 6 },
  flipLeftRightProbability: 0.5,
  gamma: { range: [0.7, 1.5], probability: 0.3 },
  intensityShift: 0.1,
  intensityScale: 0.1,
};

/** The settings that all four share. */
const experiment = {
  split: { folds: 5, stratify: 'volumeTercile' }, // [P], [D]
  arms: { models: ['lr', 'convnet', 'unet'], losses: ['ce', 'sd'] }, // [P]
  network: { upsampling: 'valid' }, // [A]
  training: {
    batchSize: 1, // [D]
    maxEpochs: 1000, // [D]
    learningRate: { lr: 1, convnet: 0.001, unet: 0.001 }, // [P]
    adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 }, // [P] Adam, with its usual values
    plateau: { patienceEpochs: 75, divideBy: 5 }, // [P]
    stop: { patienceEpochs: 150 }, // [P]
    minDelta: 1e-4, // [A]
    validation: 'heldOut', // [A]
    softDice: { epsilon: 1e-7, reduction: 'image' }, // [A], [D]
    augmentation,
    checkpointMinutes: 5, // [D]
    onConstantPrediction: 'record', // [D]
  },
  evaluation: { clip: 1e-7, threshold: 0.5 }, // [D]
  statistics: { resamples: 10_000, significance: 0.05 }, // [D], [P]
  numerics: { policy: 'record', threads: 2, tf32: false, deterministic: true }, // [D]
  seed: 2019, // [D]
};

/** Faulty input ends the sweep. */
const handling = { nonFinite: 'error', onInvalidCase: 'stop' }; // [D]

const solid = {
  spacingMm: 2, // [P]
  resampling: 'itk', // [D]
  normalisation: { scope: 'dataset' }, // [P]
  crop: [162, 162, 108], // [P]
};

interface Expected {
  readonly modalities: readonly string[];
  readonly dataSet: object;
  readonly augmentation: object;
  readonly output: Triple;
  readonly parameters: number;
}

/**
 * Parameters of the U-Net: Σ (in·k + 1)·out over [c,10] [10,20] [20,20] [20,40] [40,40] [40,80] [80,40] [40,20] [100,80]
 * [80,40] [80,40] [40,20] [40,20] [20,10], the paper's filters, with k = 27 in 3D and 9 in 2D, and 11 for the last layer.
 */
const expected: Record<string, Expected> = {
  molars: {
    modalities: ['grey'],
    dataSet: {
      kind: 'folder2d',
      label: { greaterThan: 0 },
      preprocessing: {
        roi: { sizePixels: 448, downsample: 2 }, // [P]
        mask: 'none', // [A]
        normalisation: { scope: 'dataset' }, // [P]
        crop: [243, 243], // [P]
      },
    },
    // Left and right molars differ only in position, and a picture rotates about one axis.
    augmentation: { ...augmentation, rotationOtherAxesDegrees: 0, flipLeftRightProbability: 0 },
    output: [217, 217, 1],
    parameters: 238_181,
  },
  brats2018: {
    modalities: ['FLAIR', 'T1', 'T1ce', 'T2'],
    dataSet: {
      kind: 'brats',
      label: { greaterThan: 0, allowed: [0, 1, 2, 4] }, // [P] whole tumour; the values that the challenge defines
      preprocessing: { ...solid, mask: { modality: 'FLAIR', greaterThan: 0 } }, // [A]
    },
    augmentation,
    output: [136, 136, 82],
    parameters: 714_371,
  },
  isles2017: {
    modalities: ['ADC', 'Tmax', 'MTT', 'TTP', 'rCBF', 'rCBV'],
    dataSet: {
      kind: 'isles2017',
      label: { greaterThan: 0 },
      preprocessing: { ...solid, mask: { modality: 'ADC', greaterThan: 0 } }, // [A]
    },
    augmentation,
    output: [136, 136, 82],
    parameters: 714_911,
  },
  isles2018: {
    modalities: ['CT', 'Tmax', 'MTT', 'CBF', 'CBV'],
    dataSet: {
      kind: 'isles2018',
      label: { greaterThan: 0 },
      preprocessing: { ...solid, mask: { modality: 'CT', greaterThan: -23 } }, // [A]
    },
    augmentation,
    output: [136, 136, 82],
    parameters: 714_641,
  },
};

const pathOf = (name: string): string => join(repositoryRoot, 'configs', `${name}.yaml`);

/** The shape of the network input, with one slice in 2D. */
function inputShape({ dataSets }: Config): Triple {
  const [x, y, z = 1] = dataSets[0]?.preprocessing.crop ?? [0, 0];
  return [x, y, z];
}

for (const [name, { modalities, dataSet, augmentation: drawn, output, parameters }] of Object.entries(expected)) {
  describe(`configs/${name}.yaml`, () => {
    it("spells out every one of the paper's values", () => {
      // The raw file, so that no value depends on a default that might change.
      const written: unknown = parse(readFileSync(pathOf(name), 'utf8'));
      assert.deepEqual(written, {
        ...experiment,
        name,
        dataSets: [{ name, path: `../data/${name}`, modalities, ...handling, ...dataSet }],
        training: { ...experiment.training, augmentation: drawn },
      });
    });

    it('parses to the values it spells out', async () => {
      const { dataSets, ...config } = (await readSweepContentFor(pathOf(name))).config;
      const written = parse(readFileSync(pathOf(name), 'utf8')) as Record<string, unknown>;
      assert.deepEqual({ ...config, dataSets: written.dataSets }, written);
      // Defaults fill in only what 2D does not use.
      const [own] = dataSets;
      const unused = name === 'molars' ? { spacingMm: 2, resampling: 'itk' } : {};
      const [writtenSet] = written.dataSets as { preprocessing: object }[];
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
        if (model === 'unet') assert.equal(parameterCount(describeNetwork(choice)), parameters);
        if (model === 'lr') assert.equal(parameterCount(describeNetwork(choice)), modalities.length + 1);
      }
    });
  });
}
