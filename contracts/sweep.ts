import type { ArtifactRef } from './artifacts.js';
import type { StepName } from './pipeline.js';

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
}

export interface StepProgress {
  readonly step: StepName;
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
}

export interface SweepResult extends SweepProgress {
  readonly outcome: SweepOutcome;
  readonly report: ArtifactRef | null;
}

export const progressQueryName = 'progress';
