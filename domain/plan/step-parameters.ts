import type { StepName } from '../../contracts/pipeline.js';
import type { Config, DataSetConfig } from '../../configs/config-schema.js';
import type { UnitCoordinates } from './units.js';

/** The settings that a sweep's steps read, digested by data set ('' for the sweep) and by `parameterName`. */
export type ParameterDigests = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Under which name a unit's parameters are: steps that fan out over arms have parameters for each arm. */
export function parameterName(step: StepName, { model, loss }: UnitCoordinates): string {
  return model === undefined || loss === undefined ? step : `${step} ${model}/${loss}`;
}

/**
 * The settings that a step reads at a place of the sweep, and nothing else: a changed setting changes the keys of the
 * steps that read it (and, through their results, of what follows), and of no other.
 *
 * `environment` is the numeric environment where the policy puts it into the keys, else undefined.
 */
export function stepParameters(
  config: Config,
  step: StepName,
  coordinates: UnitCoordinates,
  environment: unknown,
): Readonly<Record<string, unknown>> {
  const dataSet = config.dataSets.find(({ name }) => name === coordinates.dataSet);
  const numerics = environment === undefined ? {} : { environment };
  // Random streams are named by seed and data set, so both are part of what depends on them.
  const stream = { seed: config.seed, dataSet: dataSet?.name };
  switch (step) {
    case 'scan':
      // It has no input that would tell two data sets of one kind apart, so its name does.
      return {
        kind: dataSet?.kind,
        modalities: dataSet?.modalities,
        dataSet: dataSet?.name,
        ...(dataSet?.label?.title !== undefined && { labelTitle: dataSet.label.title }),
        ...excluding(dataSet),
        ...(dataSet?.phantom !== undefined && { phantom: dataSet.phantom, ...stream }),
      };
    case 'preprocess':
      return {
        modalities: dataSet?.modalities,
        label: dataSet?.label,
        ...reading(dataSet),
        ...excluding(dataSet),
        ...withoutNormalisation(dataSet),
      };
    case 'split':
      return { ...config.split, ...stream };
    case 'train':
      return { ...stream, ...asNetworksSee(config, dataSet), ...trainingOf(config, coordinates), ...numerics };
    case 'evaluate':
      // Its rows name the data set.
      return { dataSet: dataSet?.name, ...asNetworksSee(config, dataSet), ...config.evaluation, ...numerics };
    case 'compare':
      return { ...config.statistics, ...stream };
    case 'report':
      return { config, ...numerics };
    case 'statistics':
    case 'aggregate':
      return {};
  }
}

/** Settings that most data sets leave at their defaults; they are named where they differ. */
function reading(dataSet: DataSetConfig | undefined): object {
  const { nonFinite, overrideSpacingMm } = dataSet ?? {};
  return { ...(nonFinite === 'zero' && { nonFinite }), ...(overrideSpacingMm !== undefined && { overrideSpacingMm }) };
}

function excluding(dataSet: DataSetConfig | undefined): object {
  return dataSet?.onInvalidCase === 'exclude' ? { onInvalidCase: 'exclude' } : {};
}

function withoutNormalisation(dataSet: DataSetConfig | undefined): object {
  const { spacingMm, resampling, roi, mask, crop } = dataSet?.preprocessing ?? {};
  return { spacingMm, resampling, roi, mask, crop };
}

function asNetworksSee({ network, numerics }: Config, dataSet: DataSetConfig | undefined): object {
  const { normalisation, crop } = dataSet?.preprocessing ?? {};
  return { network, threads: numerics.threads, ...kernelsOf(numerics), normalisation, crop };
}

/** How kernels compute, named where it differs from the default. On a CPU some of it changes nothing; keys do not ask. */
function kernelsOf({ tf32, deterministic }: Config['numerics']): object {
  return { ...(tf32 && { tf32 }), ...(!deterministic && { deterministic }) };
}

/**
 * How often checkpoints are written changes no result; the other arms' settings do not bear on this one. Where collapsed
 * trainings count (the default), nothing of that is in the key.
 */
function trainingOf({ training }: Config, { model, loss }: UnitCoordinates): object {
  const { batchSize, maxEpochs, adam, plateau, stop, minDelta, validation, augmentation } = training;
  const learningRate = Object.entries(training.learningRate).find(([name]) => name === model)?.[1];
  return {
    ...{ batchSize, maxEpochs, learningRate, adam, plateau, stop, minDelta, validation, augmentation },
    ...(loss === 'sd' && { softDice: training.softDice }),
    ...(training.onConstantPrediction === 'diverge' && { onConstantPrediction: 'diverge' }),
  };
}
