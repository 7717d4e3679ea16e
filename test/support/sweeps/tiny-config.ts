import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A config of six phantom images of 27 × 27 pixels, every part of which is changed by what it is given. */
export function tinyConfig(changes: {
  readonly name?: string;
  readonly seed?: number;
  readonly models?: readonly string[];
  readonly losses?: readonly (string | object)[];
  readonly training?: Readonly<Record<string, unknown>>;
  readonly dataSet?: Readonly<Record<string, unknown>>;
}): Record<string, unknown> {
  const phantom = {
    dimensions: 2,
    cases: 6,
    shape: [27, 27],
    coreRadius: 5,
    regions: 2,
    regionRadius: 3,
    probability: 0.6,
  };
  const dataSet = { name: 'flat', kind: 'folder2d', modalities: ['grey'], preprocessing: { crop: [27, 27] } };
  return {
    name: changes.name ?? 'tiny',
    seed: changes.seed ?? 1,
    dataSets: [{ ...dataSet, ...(changes.dataSet ?? { phantom }) }],
    split: { folds: 2 },
    arms: { models: changes.models ?? ['lr', 'unet'], losses: changes.losses ?? ['ce', 'sd'] },
    training: {
      batchSize: 2,
      maxEpochs: 3,
      learningRate: tinyLearningRates,
      ...changes.training,
    },
    statistics: { resamples: 500 },
    numerics: { threads: 1 },
  };
}

export const tinyLearningRates = { lr: 0.5, convnet: 0.01, unet: 0.01 };

/** Writes a config as JSON, which is YAML too, and returns its path. */
export async function writeConfig(folder: string, config: Readonly<Record<string, unknown>>): Promise<string> {
  const path = join(folder, `${String(config.name)}.json`);
  await writeFile(path, JSON.stringify(config, null, 2));
  return path;
}

/** Writes a config, named long, of two trainings that take seconds and save checkpoints all the time. */
export function writeLongConfig(folder: string): Promise<string> {
  const training = { maxEpochs: 400, checkpointMinutes: 0.0005 };
  return writeConfig(folder, tinyConfig({ name: 'long', models: ['lr'], losses: ['ce'], training }));
}
