import type { ArtifactRef } from './artifacts.js';
import type { UnitGap } from './sweep.js';
import type { StepDeclaration } from './step-declaration.js';
import type { UnitCoordinates } from '../domain/plan/units.js';

/** What a step's activity is asked: references only, so that voxels and case ids never pass through Temporal. */
export interface StepRequest {
  readonly sweepId: string;
  /** Digest of the sweep's content (config and what it refers to) in the store. */
  readonly specification: string;
  readonly coordinates: UnitCoordinates;
  readonly key: string;
  /** Artifacts of the units that this one needs, in the plan's order. */
  readonly inputs: readonly NamedInput[];
  /** Units without results; empty but for steps that tolerate gaps. */
  readonly gaps: readonly UnitGap[];
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

/** One activity for each step, by its name; all of one form. */
export type StepActivities = Readonly<Record<string, (request: StepRequest) => Promise<StepResult>>>;

export interface EngineActivities {
  /** For each key the artifact the store holds for it, or null. */
  findArtifacts(keys: readonly string[]): Promise<(ArtifactRef | null)[]>;
  /** The sweep's specification as plans need it. */
  readSpecification(digest: string): Promise<SweepSpecification>;
  /** Starts the shared unit's own workflow or joins it, and waits for its end. */
  awaitSharedUnit(step: StepDeclaration, request: StepRequest): Promise<StepResult>;
}

/** What a plan needs to know of a sweep. Nothing private is in it, and it holds for the sweep's whole life. */
export interface SweepSpecification {
  /** In an order in which each comes after those it needs. */
  readonly steps: readonly StepDeclaration[];
  readonly dataSets: readonly string[];
  readonly models: readonly string[];
  readonly losses: readonly string[];
  readonly folds: number;
  /** Trainings of each arm on each fold; absent for one. */
  readonly repeats?: number;
  readonly parameters: ParameterDigests;
}

/** Digests of the settings that steps read, by data set ('' for the whole sweep) and by `parameterName`. */
export type ParameterDigests = Readonly<Record<string, Readonly<Record<string, string>>>>;
