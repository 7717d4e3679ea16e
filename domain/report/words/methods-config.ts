import type { EvaluationGrid } from '../../evaluate/evaluation-row.js';

type Axes = readonly [number, number] | readonly [number, number, number];

/** The settings of a sweep that the methods section mentions; a sweep's config satisfies this type. */
export interface MethodsConfig {
  readonly seed: number;
  readonly dataSets: readonly {
    readonly name: string;
    readonly modalities: readonly string[];
    readonly label: { readonly resampling: 'volumePreserving' | 'linear' | 'soft' };
    readonly phantom?:
      | {
          readonly dimensions: 2 | 3;
          readonly regions: number;
          readonly probability: number;
        }
      | undefined;
    readonly preprocessing: {
      readonly spacingMm: number;
      readonly resampling: string;
      readonly antiAlias: 'gaussian' | 'none';
      readonly align?: 'none' | 'toFirst';
      readonly roi?: { readonly sizePixels: number; readonly downsample: number } | undefined;
      readonly mask: 'none' | { readonly modality: string; readonly greaterThan: number };
      readonly normalisation: { readonly scope: 'dataset' | 'training' | 'case' };
      readonly crop: Axes;
    };
  }[];
  readonly split: {
    readonly folds: number;
    readonly stratify: 'volumeTercile' | 'none';
    readonly file?: string | undefined;
  };
  readonly network: { readonly upsampling: string };
  readonly training: {
    /** Absent for one. */
    readonly repeats?: number | undefined;
    readonly batchSize: number;
    readonly maxEpochs: number;
    readonly learningRate: Readonly<Record<string, number>>;
    readonly plateau: { readonly patienceEpochs: number; readonly divideBy: number };
    readonly stop: { readonly patienceEpochs: number };
    readonly minDelta: number | { readonly relative: number };
    readonly validation: 'heldOut' | 'inner';
    readonly softDice: { readonly epsilon: number; readonly reduction: 'image' | 'batch' };
    readonly augmentation: 'none' | object;
    readonly onConstantPrediction?: 'record' | 'diverge';
  };
  readonly evaluation: {
    readonly grid: EvaluationGrid;
    readonly clip: number;
    readonly threshold: number;
    readonly surfaceToleranceMm: number;
  };
  readonly statistics: {
    readonly resamples: number;
    readonly significance: number;
    readonly decides: 'conditional' | 'includingTraining';
    readonly interval: 'percentile' | 'bca';
    readonly correction: 'none' | 'holm';
    readonly equivalenceMargin: number;
  };
}
