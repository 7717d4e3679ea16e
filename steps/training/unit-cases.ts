import type { DataSetConfig } from '../../configs/config-schema.js';
import type { Triple } from '../../domain/image/grid.js';
import { dimensionsOf } from '../../domain/preprocess/crop.js';
import { combineMoments } from '../../domain/preprocess/moments.js';
import { normalisationBy, type Normalisation } from '../../domain/preprocess/normalise.js';
import type { NetworkChoice } from '../../domain/training/networks/network.js';
import type { ComputeNumerics } from '../../storage/machine/compute-environment.js';
import { split } from '../split.js';
import { statistics, type CaseStatistics } from '../statistics.js';
import type { Sources } from '../step.js';
import type { StepInputs } from '../step-inputs.js';

/** The cases of one training: those of the other folds to learn from, those held out to measure. */
export interface UnitCases {
  readonly training: readonly CaseStatistics[];
  readonly heldOut: readonly CaseStatistics[];
}

export async function readUnitCases(inputs: StepInputs, fold: number): Promise<UnitCases> {
  const { cases } = (await inputs.one(statistics)).summary;
  const { folds } = (await inputs.one(split)).summary;
  const heldOutIds = new Set(folds[fold]);
  return {
    training: cases.filter(({ id }) => !heldOutIds.has(id)),
    heldOut: cases.filter(({ id }) => heldOutIds.has(id)),
  };
}

type Scope = DataSetConfig['preprocessing']['normalisation']['scope'];

/**
 * Mean and deviation of each modality by which a case is normalised: of the whole data set, of the fold's training
 * cases alone (no leakage), or of the case itself.
 */
export function normalisationOf(
  { training, heldOut }: UnitCases,
  own: CaseStatistics,
  scope: Scope,
): readonly Normalisation[] {
  const among = scope === 'case' ? [own] : scope === 'training' ? training : [...training, ...heldOut];
  return own.moments.map((_, channel) => {
    return normalisationBy(combineMoments(among.flatMap((one) => one.moments[channel] ?? [])));
  });
}

/** The settings that say what networks see and how they compute; trainings and evaluations share them. */
export function networkSettings({ config: { network, numerics }, dataSet, environment }: Sources['armFold']) {
  const { normalisation, crop } = dataSet.preprocessing;
  const { threads, precision, tf32, deterministic } = numerics;
  return {
    ...{ network, threads, normalisation, crop },
    // How kernels compute, named where it differs from the default. On a CPU some of it changes nothing; keys do not ask.
    ...(precision !== 'float32' && { precision }),
    ...(tf32 && { tf32 }),
    ...(!deterministic && { deterministic }),
    ...(environment !== null && { environment }),
  };
}

/** How the process of a training or an evaluation computes. */
export function computeNumerics(settings: NetworkSettings): ComputeNumerics {
  const { threads, precision = 'float32', tf32 = false, deterministic = true } = settings;
  return { threads, precision, tf32, deterministic };
}

export type NetworkSettings = ReturnType<typeof networkSettings>;

export function cropShapeOf([x, y, z = 1]: NetworkSettings['crop']): Triple {
  return [x, y, z];
}

/** The network of an arm, for images with as many channels as the prepared cases have. */
export function networkOf(
  model: NetworkChoice['model'],
  { network: { upsampling }, crop }: NetworkSettings,
  { training: [anyCase] }: UnitCases,
): NetworkChoice {
  return { model, dimensions: dimensionsOf(crop), channels: anyCase?.moments.length ?? 0, upsampling };
}

/** The same before any case has been prepared: with a channel for each modality. */
export function networkBefore(
  model: NetworkChoice['model'],
  { modalities, preprocessing: { crop } }: Pick<DataSetConfig, 'modalities' | 'preprocessing'>,
  { upsampling }: Pick<NetworkChoice, 'upsampling'>,
): NetworkChoice {
  return { model, dimensions: dimensionsOf(crop), channels: modalities.length, upsampling };
}
