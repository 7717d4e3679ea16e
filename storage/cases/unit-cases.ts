import type { DataSetConfig } from '../../configs/config-schema.js';
import type { StepRequest } from '../../contracts/activities.js';
import { DomainError } from '../../domain/domain-error.js';
import type { Triple } from '../../domain/image/grid.js';
import { unitId } from '../../domain/plan/units.js';
import { combineMoments, deviationOf, type Moments } from '../../domain/preprocess/moments.js';
import type { Normalisation } from '../../domain/preprocess/normalise.js';
import type { CaseQuality } from '../../domain/preprocess/preprocess-case.js';
import type { ArtifactStore } from '../store/artifact-store.js';
import type { RejectedCase } from '../datasets/case-files.js';
import type { CaseWarning } from '../datasets/scan-cases.js';
import type { PreparedRef } from './prepared-cases.js';
import { readInput } from '../sweeps/step-inputs.js';
import { readSweepContent, type SweepContent } from '../sweeps/sweep-records.js';

/** What the statistics step gathers of a case. */
export interface CaseStatistics extends PreparedRef {
  readonly moments: readonly Moments[];
  readonly quality: CaseQuality;
}

export interface StatisticsSummary {
  readonly cases: readonly CaseStatistics[];
  /** Faulty cases that the config leaves out, and what users should know of the others; absent if there is nothing. */
  readonly excluded?: readonly RejectedCase[];
  readonly warnings?: readonly CaseWarning[];
}

/** Cases as splitting sees them. */
export function splitCases(
  cases: readonly CaseStatistics[],
): { id: string; participant: string; volume: number; imageDigest: string }[] {
  return cases.map(({ id, participant, quality, images }) => ({
    id,
    participant,
    volume: quality.volumeAfter,
    imageDigest: images,
  }));
}

/** The split step's result: case ids, fold by fold. */
export interface SplitSummary {
  readonly folds: readonly (readonly string[])[];
}

/** The cases of one training: those of the other folds to learn from, those held out to measure. */
export interface UnitCases {
  readonly content: SweepContent;
  readonly dataSet: DataSetConfig;
  readonly fold: number;
  readonly training: readonly CaseStatistics[];
  readonly heldOut: readonly CaseStatistics[];
  readonly cropShape: Triple;
}

export async function readUnitCases(store: ArtifactStore, request: StepRequest): Promise<UnitCases> {
  const { dataSet: name = '', fold = 0 } = request.coordinates;
  const content = await readSweepContent(store, request.specification);
  const dataSet = content.config.dataSets.find((candidate) => candidate.name === name);
  if (dataSet === undefined) throw new DomainError('ARGUMENT_INVALID', `the sweep has no data set "${name}"`);
  const { cases } = (await readInput(store, request, unitId('statistics', { dataSet: name }))) as StatisticsSummary;
  const { folds } = (await readInput(store, request, unitId('split', { dataSet: name }))) as SplitSummary;
  const heldOutIds = new Set(folds[fold]);
  const [x, y, z = 1] = dataSet.preprocessing.crop;
  return {
    content,
    dataSet,
    fold,
    training: cases.filter(({ id }) => !heldOutIds.has(id)),
    heldOut: cases.filter(({ id }) => heldOutIds.has(id)),
    cropShape: [x, y, z],
  };
}

/**
 * Mean and deviation of each modality by which a case is normalised: of the whole data set, of the fold's training
 * cases alone (no leakage), or of the case itself.
 */
export function normalisationOf(
  { dataSet, training, heldOut }: UnitCases,
  own: CaseStatistics,
): readonly Normalisation[] {
  const { scope } = dataSet.preprocessing.normalisation;
  const among = scope === 'case' ? [own] : scope === 'training' ? training : [...training, ...heldOut];
  return own.moments.map((_, channel) => {
    const moments = combineMoments(among.flatMap((one) => one.moments[channel] ?? []));
    return { mean: moments.mean, deviation: deviationOf(moments) };
  });
}
