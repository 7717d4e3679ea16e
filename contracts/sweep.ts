import type { ArtifactRef } from './artifacts.js';
import type { Queue } from './step-declaration.js';

export interface SweepInput {
  readonly sweepId: string;
  readonly specification: string;
}

export type SweepOutcome = 'complete' | 'partial' | 'failed';

export interface UnitFailure {
  readonly unit: string;
  /** A code from the closed list of failures, such as DataInvalid. */
  readonly kind: string;
  readonly message: string;
  /** Digest of the failure's own words in the store; they may name cases, so they do not pass through Temporal. */
  readonly reason?: string;
}

/** A unit without a result, and the failure behind it: its own, or that of a unit it needs. */
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
  /** Units that cannot run because one they need has failed. */
  readonly blocked: number;
  /** Units that were made again because the store had lost or damaged their results. */
  readonly repaired: readonly string[];
}

export interface SweepResult extends SweepProgress {
  readonly outcome: SweepOutcome;
  readonly report: ArtifactRef | null;
}

export const progressQueryName = 'progress';
