import type { ArtifactRef } from './artifacts.js';
import type { StepName } from './pipeline.js';
import type { ParameterDigests } from '../domain/plan/step-parameters.js';
import type { UnitCoordinates } from '../domain/plan/units.js';

/** What a step's activity is asked: references only, so that voxels and case ids never pass through Temporal. */
export interface StepRequest {
  readonly sweepId: string;
  /** Digest of the sweep's specification in the store. */
  readonly specification: string;
  readonly coordinates: UnitCoordinates;
  readonly key: string;
  /** Artifacts of the units that this one needs, by unit id, sorted. */
  readonly inputs: readonly NamedInput[];
  /** Units whose results are missing because they failed; only for steps that tolerate gaps. */
  readonly gaps: readonly string[];
}

export interface NamedInput {
  readonly unit: string;
  readonly ref: ArtifactRef;
}

export interface StepResult {
  readonly ref: ArtifactRef;
  /** True where the store already had it, for instance from another sweep. */
  readonly cached: boolean;
  /** Scan only: how many cases the data set has. */
  readonly caseCount?: number;
}

/** One activity a step, all of the same form. */
export type StepActivities = Record<StepName, (request: StepRequest) => Promise<StepResult>>;

export interface StoreActivities {
  /** For each key the artifact the store holds for it, or null. */
  findArtifacts(keys: readonly string[]): Promise<(ArtifactRef | null)[]>;
  /** The sweep's specification as plans need it. */
  readSpecification(digest: string): Promise<SweepSpecification>;
}

export type Activities = StepActivities & StoreActivities;

/** What a plan needs to know of a sweep: each step's parameters by unit follow from it, and nothing private is in it. */
export interface SweepSpecification {
  readonly dataSets: readonly string[];
  readonly models: readonly string[];
  readonly losses: readonly string[];
  readonly folds: number;
  readonly parameters: ParameterDigests;
}
