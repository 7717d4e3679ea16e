import type { UnitCoordinates } from '../domain/plan/units.js';
import type { TrainingPace } from '../steps/training/measure-training.js';
import type { SweepContent } from '../storage/sweeps/sweep-content.js';
import type { Refusal } from './answer-once.js';

export interface PaceRequest {
  readonly content: SweepContent;
  /** Of an arm; any fold. */
  readonly coordinates: UnitCoordinates;
}

export type PaceMessage =
  { readonly type: 'pace'; readonly pace: TrainingPace; readonly peakMemoryBytes: number } | Refusal;
