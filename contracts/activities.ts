import type { ArtifactRef } from './artifacts.js';
import type { UnitGap } from './sweep.js';
import type { StepDeclaration } from './step-declaration.js';
import type { UnitCoordinates } from '../domain/plan/units.js';

/** A request to a step's activity. It has references only: voxels and case ids never pass through Temporal. */
export interface StepRequest {
  readonly sweepId: string;
  /** Digest, in the store, of the sweep's content: its config and what that refers to. */
  readonly specification: string;
  readonly coordinates: UnitCoordinates;
  readonly key: string;
  /** Artifacts of the units that this one needs, in the order of the plan. */
  readonly inputs: readonly NamedInput[];
  /** Units without results; always empty unless the step tolerates gaps. */
  readonly gaps: readonly UnitGap[];
}

export interface NamedInput {
  readonly unit: string;
  readonly ref: ArtifactRef;
}

export interface StepResult {
  readonly ref: ArtifactRef;
  /** True if the store already had the artifact, for instance from another sweep. */
  readonly cached: boolean;
  /** Scan only: how many cases the data set has. */
  readonly caseCount?: number;
}

/** The activity of each step, by the step's name; all have the same signature. */
export type StepActivities = Readonly<Record<string, (request: StepRequest) => Promise<StepResult>>>;

export interface EngineActivities {
  /** Looks up the stored artifact of each key; null if there is none. */
  findArtifacts(keys: readonly string[]): Promise<(ArtifactRef | null)[]>;
  /** Reads the part of a sweep's content that the plan needs. */
  readSpecification(digest: string): Promise<SweepSpecification>;
  /** Starts the shared unit's workflow, or joins it, and waits for the result. `waiting` names the run that waits. */
  awaitSharedUnit(step: StepDeclaration, request: StepRequest, waiting: string): Promise<StepResult>;
}

/** What the plan needs to know of a sweep. It contains nothing private and does not change while the sweep exists. */
export interface SweepSpecification {
  /** Ordered so that each step follows those it needs. */
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
