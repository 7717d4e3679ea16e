import type { UnitStatus } from '../domain/plan/sweep-state.js';
import type { HoldRule } from '../domain/plan/holds.js';
import type { ArtifactRef } from './artifacts.js';
import type { Queue } from './step-declaration.js';

export interface SweepInput {
  readonly sweepId: string;
  readonly specification: string;
  /** Failures of the run before that stand: their units do not run again. */
  readonly keptFailures?: readonly UnitFailure[];
  /** What was held when the run before stopped, which this one cannot join. */
  readonly holds?: readonly HoldRule[];
  /** Set if an earlier execution of the same run continues in this one. */
  readonly carried?: CarriedSweep;
}

/**
 * What an execution of a sweep's workflow hands to the next one when its history becomes long. All other results are
 * looked up again in the store, by key.
 */
export interface CarriedSweep {
  /** Cases by data set. */
  readonly caseCounts: Readonly<Record<string, number>>;
  /** Results of the steps that run in every sweep, by unit: they would otherwise be made twice in one run. */
  readonly made: Readonly<Record<string, ArtifactRef>>;
  /** A digit for each unit, in the order of the plan: 1 if this run has computed it, or is computing it. */
  readonly computed: string;
  readonly failures: readonly UnitFailure[];
  readonly repaired: readonly string[];
  /** How often each unit has found its inputs lost. */
  readonly repairs: Readonly<Record<string, number>>;
  readonly holds: readonly HoldRule[];
}

export type SweepOutcome = 'complete' | 'partial' | 'failed';

export interface UnitFailure {
  readonly unit: string;
  /** One of `failureKinds`, such as DataInvalid. */
  readonly kind: string;
  readonly message: string;
  /** Digest, in the store, of the original error message: it may name cases, so it does not pass through Temporal. */
  readonly reason?: string;
}

/** A unit without a result, and the failure that caused this: its own or that of a unit it needs. */
export interface UnitGap {
  readonly unit: string;
  readonly cause: UnitFailure;
}

export interface StepProgress {
  readonly step: string;
  readonly queue: Queue;
  readonly total: number;
  readonly cached: number;
  readonly done: number;
  readonly running: number;
  readonly failed: number;
}

export interface SweepProgress {
  readonly steps: readonly StepProgress[];
  readonly failures: readonly UnitFailure[];
  /** The number of units that cannot run because a unit they need has failed. */
  readonly blocked: number;
  /** The number of units that are paused: they could run. */
  readonly held: number;
  /** The number of units that were told to stop and still save their state. */
  readonly stopping: number;
  /** Units that were recomputed because the store had lost or damaged their results. */
  readonly repaired: readonly string[];
}

export interface SweepResult extends SweepProgress {
  readonly outcome: SweepOutcome;
  readonly report: ArtifactRef | null;
}

export const progressQueryName = 'progress';

/** A query for the units of each status. */
export const statusesQueryName = 'statuses';
export interface UnitsByStatus extends Readonly<Record<UnitStatus, readonly string[]>> {
  /** Those of the running ones that were cancelled, and still stop. */
  readonly cancelling: readonly string[];
}

/** Why an update is refused before the sweep knows its units. */
export const stillReading = 'the sweep is still reading its data sets; try again in a moment';

/**
 * Updates of a running sweep. Each answers with the units that it concerns; `rerun` takes the ids of failed units, the
 * others selections of units.
 */
export const updateNames = { rerun: 'rerun', pause: 'pause', resume: 'resume', cancel: 'cancel' } as const;
