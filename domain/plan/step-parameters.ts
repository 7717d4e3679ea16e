import type { StepName } from '../../contracts/pipeline.js';
import type { Config, DataSetConfig } from '../../configs/config-schema.js';

/**
 * The settings that each step reads, and nothing else: a changed setting changes the keys of the steps that read it
 * (and, through their results, of what follows), and of no other.
 *
 * `environment` is the numeric environment where the policy puts it into the keys, else undefined.
 */
export function stepParameters(
  config: Config,
  dataSet: DataSetConfig | undefined,
  environment: unknown,
): Record<StepName, unknown> {
  const numerics = environment === undefined ? {} : { environment };
  // Random streams are named by seed and data set, so both are part of what depends on them.
  const stream = { seed: config.seed, dataSet: dataSet?.name };
  const preprocessing = dataSet?.preprocessing;
  const { normalisation, crop } = preprocessing ?? {};
  const { validation, checkpointMinutes, ...training } = config.training;
  const learning = { network: config.network, threads: config.numerics.threads, normalisation, crop };
  return {
    scan: {
      kind: dataSet?.kind,
      modalities: dataSet?.modalities,
      phantom: dataSet?.phantom,
      ...(dataSet?.phantom !== undefined && stream),
    },
    preprocess: {
      modalities: dataSet?.modalities,
      label: dataSet?.label,
      spacingMm: preprocessing?.spacingMm,
      resampling: preprocessing?.resampling,
      roi: preprocessing?.roi,
      mask: preprocessing?.mask,
      crop,
    },
    statistics: {},
    split: { ...config.split, ...stream },
    train: { ...stream, ...learning, ...training, validation, ...numerics },
    evaluate: { ...learning, ...config.evaluation, ...numerics },
    aggregate: {},
    compare: { ...config.statistics, ...stream },
    report: { config, ...numerics },
  };
}
