import type { ReportedRow } from '../../../domain/evaluate/evaluation-row.js';
import type { VolumeUnit } from '../../../domain/evaluate/voxel-size.js';
import { randomStream } from '../../../domain/random/random-stream.js';
import type { ReportInput } from '../../../domain/report/report-input.js';
import type { MethodsConfig } from '../../../domain/report/words/methods-config.js';
import type { ResultsInput, TheoryPrediction } from '../../../domain/results/results-input.js';
import { resultsOf } from '../../../domain/results/results-of.js';
import { compareLosses } from '../../../domain/statistics/compare-losses.js';
import { someScores } from '../../support/case-scores.js';
import { syntheticOrigins } from './synthetic-origins.js';
import { syntheticReliabilities } from './synthetic-reliabilities.js';

interface SyntheticDataSet {
  readonly name: string;
  readonly unit: VolumeUnit;
  readonly cases: number;
  readonly meanVolume: number;
  /** Mean volume error of the soft-Dice arm by model; cross-entropy has none. */
  readonly softDiceBias: Readonly<Record<string, number>>;
  readonly noise: number;
}

export const models = ['lr', 'convnet', 'unet'];
export const losses = ['ce', 'sd'];

const syntheticDataSets: readonly SyntheticDataSet[] = [
  {
    name: 'phantom-2d-low',
    unit: 'hundredPixels',
    cases: 60,
    meanVolume: 5.2,
    softDiceBias: { lr: 3.4, convnet: 0.2, unet: 0.02 },
    noise: 0.25,
  },
  {
    name: 'phantom-2d-high',
    unit: 'hundredPixels',
    cases: 60,
    meanVolume: 8.1,
    softDiceBias: { lr: 6.1, convnet: 2.9, unet: 2.31 },
    noise: 1.1,
  },
  {
    name: 'phantom-3d-low',
    unit: 'ml',
    cases: 40,
    meanVolume: 14,
    softDiceBias: { lr: 5.5, convnet: 0.9, unet: -0.4 },
    noise: 0.9,
  },
  {
    name: 'phantom-3d-high',
    unit: 'ml',
    cases: 40,
    meanVolume: 18,
    softDiceBias: { lr: 9.4, convnet: 5.2, unet: 4.4 },
    noise: 2.4,
  },
];

const quality: Readonly<Record<string, number>> = { lr: 0.4, convnet: 0.65, unet: 0.82 };

/** Results as a sweep would give them, made of seeded noise: rows in no particular order of arms. */
export function syntheticRows(dataSets: readonly SyntheticDataSet[] = syntheticDataSets): ReportedRow[] {
  return dataSets.flatMap(({ name, unit, cases, meanVolume, softDiceBias, noise }) => {
    const structure = randomStream('structure', name);
    const volumes = Array.from({ length: cases }, () => meanVolume * structure.uniformBetween(0.4, 1.6));
    return models.flatMap((model) =>
      losses.flatMap((loss) => {
        const random = randomStream('results', name, model, loss);
        return volumes.map((truthVolume, index): ReportedRow => {
          const bias = loss === 'sd' ? (softDiceBias[model] ?? 0) * (truthVolume / meanVolume) : 0;
          const volumeError = Math.max(-truthVolume, bias + random.normal(0, noise));
          const dice = Math.min(
            1,
            Math.max(0, (quality[model] ?? 0) + (loss === 'sd' ? 0.05 : 0) + random.normal(0, 0.06)),
          );
          const metrics = {
            unit,
            truthVolume,
            volumeError,
            unpredictableVolume: 0,
            predictedVolume: truthVolume + volumeError,
            predictedVolumeThresholded: truthVolume + volumeError * 0.9,
            dice,
            softDiceScore: dice * 0.9,
            crossEntropy: (1 - dice) * (loss === 'sd' ? 0.5 : 0.1),
          };
          return {
            dataSet: name,
            caseId: `${name}-${String(index + 1).padStart(3, '0')}`,
            participant: `p${index}`,
            fold: index % 5,
            model,
            loss,
            ...metrics,
            grid: 'native',
            otherGrid: { ...metrics, volumeError: metrics.volumeError / 2, dice: metrics.dice / 2 },
            predictedVolumeOutside: 0,
            scores: {
              ...someScores,
              jaccard: dice / (2 - dice),
              // The first case of each data set has no surface to be far from.
              hausdorff95Mm: index === 0 ? null : 20 * (1 - dice),
            },
          };
        });
      }),
    );
  });
}

const methodsConfig: MethodsConfig = {
  seed: 20190713,
  dataSets: syntheticDataSets.map(({ name, unit }) => ({
    name,
    modalities: ['image'],
    label: { resampling: 'volumePreserving' },
    phantom: {
      dimensions: unit === 'ml' ? (3 as const) : (2 as const),
      regions: 4,
      probability: name.endsWith('high') ? 0.6 : 0.95,
    },
    preprocessing: {
      spacingMm: 2,
      resampling: 'centred',
      antiAlias: 'gaussian' as const,
      mask: 'none',
      normalisation: { scope: 'training' as const },
      crop: unit === 'ml' ? ([54, 54, 54] as const) : ([81, 81] as const),
    },
  })),
  split: { folds: 5, stratify: 'volumeTercile' },
  network: { upsampling: 'same' },
  training: {
    batchSize: 1,
    maxEpochs: 40,
    learningRate: { lr: 1, convnet: 1e-3, unet: 1e-3 },
    plateau: { patienceEpochs: 75, divideBy: 5 },
    stop: { patienceEpochs: 150 },
    minDelta: { relative: 1e-3 },
    validation: 'inner',
    softDice: { epsilon: 1e-7, reduction: 'image' },
    augmentation: 'none',
  },
  evaluation: { grid: 'native', clip: 1e-7, threshold: 0.5, surfaceToleranceMm: 1 },
  statistics: {
    resamples: 2000,
    significance: 0.05,
    decides: 'includingTraining',
    interval: 'percentile',
    correction: 'none',
    equivalenceMargin: 0.05,
  },
};

const { statistics } = methodsConfig;

/** Results over given rows; everything else as a finished sweep of the four data sets would have it. */
export function syntheticResultsInput(
  rows: readonly ReportedRow[] = syntheticRows(),
  changes: Partial<ResultsInput> = {},
): ResultsInput {
  const random = (dataSet: string) => randomStream('bootstrap', dataSet);
  return {
    dataSets: syntheticDataSets.map(({ name, unit, cases, meanVolume }) => {
      const stream = randomStream('quality', name);
      return {
        name,
        unit,
        cases,
        participants: cases,
        quality: Array.from({ length: cases }, (_, index) => ({
          caseId: `${name}-${String(index + 1).padStart(3, '0')}`,
          volumeBefore: meanVolume,
          volumeAfter: meanVolume * (unit === 'ml' ? stream.uniformBetween(0.93, 1.05) : 1),
          structureVoxels: 1750,
          unpredictable: { fieldOfView: 0, crop: 0, margin: 0, mask: 0 },
        })),
      };
    }),
    models,
    losses,
    folds: [0, 1, 2, 3, 4],
    repeats: 1,
    rows,
    reliabilities: syntheticReliabilities(rows),
    grid: 'native',
    comparisons: compareLosses({ rows, losses, statistics: { ...statistics, stratify: 'none' }, random }),
    rules: statistics,
    equivalenceMargin: statistics.equivalenceMargin,
    theory: [],
    gaps: [],
    thresholdsMl: [],
    collapses: [],
    endings: [],
    ...changes,
  };
}

/** The input of a report over given results. */
export function syntheticReportInput(
  results: ResultsInput = syntheticResultsInput(),
  changes: Partial<ReportInput> = {},
): ReportInput {
  return {
    title: 'Does the training loss bias the volumes?',
    sweepId: 'quickstart-5f2c9a1be07d',
    results: resultsOf(results),
    config: methodsConfig,
    machines: [
      {
        made: [{ step: 'train', units: 30 }],
        facts: [
          { name: 'volbias', value: '0.1.0' },
          { name: 'TensorFlow', value: '2.21.0 (CPU, oneDNN), 2 threads' },
          { name: 'Node', value: '20.20.2, linux x64' },
        ],
      },
    ],
    origins: syntheticOrigins(results),
    trainings: [],
    gallery: [],
    ...changes,
  };
}

const theoryBiases: Readonly<Record<string, number>> = {
  'phantom-2d-low': 0.15,
  'phantom-2d-high': 2.45,
  'phantom-3d-low': 0.5,
  'phantom-3d-high': 4.6,
};

/** What theory might predict for the cases of the four data sets: labels 0.03 larger than in expectation. */
export const syntheticTheory: readonly TheoryPrediction[] = syntheticRows()
  .filter(({ model }) => model === models[0])
  .map(({ dataSet, caseId, loss, truthVolume }) => ({
    ...{ dataSet, caseId, loss, expectedVolume: truthVolume - 0.03 },
    predictedVolume: truthVolume + (loss === 'sd' ? (theoryBiases[dataSet] ?? NaN) : -0.03),
  }));
