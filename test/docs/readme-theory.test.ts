import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';

import type { Config, DataSetConfig } from '../../configs/config-schema.js';
import { originalVoxelSize } from '../../domain/evaluate/voxel-size.js';
import { perAxis } from '../../domain/image/grid.js';
import type { PhantomSettings } from '../../domain/phantom/phantom-settings.js';
import { drawStructure, phantomCaseId } from '../../domain/phantom/phantom-structure.js';
import { phantomTheory } from '../../domain/phantom/phantom-theory.js';
import { countStructure } from '../../domain/preprocess/mask/mask.js';
import { formatBrief } from '../../domain/report/words/format-number.js';
import { preprocessSettings } from '../../storage/datasets/read-case.js';
import { readSweepContentFor } from '../../storage/sweeps/sweep-content.js';
import { cropShapeOf } from '../../steps/training/unit-cases.js';
import { repositoryRoot } from '../support/paths.js';

const readText = (...path: string[]): string => readFileSync(join(repositoryRoot, ...path), 'utf8');

interface Means {
  /** Mean true volume. */
  readonly truth: number;
  /** Mean ΔV of a perfect learner: with the labels as drawn, and in expectation. */
  readonly realised: number;
  readonly expected: number;
}

function theoryOf(dataSet: DataSetConfig, { seed, network, training }: Config, loss: 'ce' | 'sd'): Means {
  const { name, phantom, preprocessing } = dataSet;
  const settings = preprocessSettings({ ...dataSet, upsampling: network.upsampling });
  const cropShape = cropShapeOf(preprocessing.crop);
  const drawn = phantom as PhantomSettings;
  const request = {
    phantom: drawn,
    seed,
    name,
    preprocessing: settings,
    cropShape,
    outputShape: cropShape,
    training,
    grid: 'native' as const,
  };
  const perfect = new Map(phantomTheory({ ...request, losses: [loss] }).map((one) => [one.caseId, one]));
  const errors = Array.from({ length: drawn.cases }, (_, caseIndex) => {
    const { grid, label } = drawStructure(drawn, { seed, name, caseIndex });
    // No region of interest: a prepared pixel of the dental data sets is an original one.
    const axes = perAxis((axis) => ({ length: grid.shape[axis], start: 0, step: 1 }));
    const { voxelVolume } = originalVoxelSize(drawn.dimensions, grid, axes);
    const truth = countStructure({ values: label }) * voxelVolume;
    const { predictedVolume = NaN, expectedVolume = NaN } = perfect.get(phantomCaseId(caseIndex)) ?? {};
    return {
      truth,
      realised: predictedVolume - truth,
      expected: predictedVolume - expectedVolume,
    };
  });
  const mean = (key: keyof Means): number => errors.reduce((sum, one) => sum + one[key], 0) / errors.length;
  return { truth: mean('truth'), realised: mean('realised'), expected: mean('expected') };
}

it('README states the mean true volumes and the theory of the quickstart’s data sets', async () => {
  const { config } = await readSweepContentFor(join(repositoryRoot, 'configs', 'quickstart.yaml'));
  const rows = readText('README.md')
    .split('\n')
    .filter((line) => /^\| (dental|brain)-/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  for (const dataSet of config.dataSets) {
    const [ce, sd] = [theoryOf(dataSet, config, 'ce'), theoryOf(dataSet, config, 'sd')];
    const stated = rows.find(([name]) => name?.startsWith(`${dataSet.name} `));
    const theory = [ce, sd].map(({ realised, expected }) => `${formatBrief(realised)} (${formatBrief(expected)})`);
    assert.deepEqual([stated?.[1], ...(stated?.slice(-2) ?? [])], [ce.truth.toFixed(2), ...theory], dataSet.name);
  }
});
