import type { CaseMetrics } from './evaluate-case.js';
import type { CaseScores } from './segmentation/segmentation-metrics.js';

/**
 * Where a case is measured. `native`: on the grid of the original mask, with the probabilities carried back onto it.
 * `working`: on the prepared image, which networks see.
 */
export type EvaluationGrid = 'native' | 'working';

/** One case, predicted by one arm (model × loss) trained without the case's fold. */
interface PredictedCase {
  readonly dataSet: string;
  readonly caseId: string;
  /** Folds and bootstrap group cases by participant, because cases of one participant are not independent. */
  readonly participant: string;
  readonly fold: number;
  /** Which training of the arm on the fold; absent for the first. */
  readonly repeat?: number;
  readonly model: string;
  readonly loss: string;
}

/** What a case has once, whatever the evaluation's grid. */
interface OncePerCase {
  /** V(Ŷ) that lies outside the original image, and so in no native volume; in the metrics' unit. */
  readonly predictedVolumeOutside: number;
  /** On the native grid, over the whole image. */
  readonly scores: CaseScores;
}

/** A predicted case, measured on both grids. */
export type MeasuredCase = PredictedCase & OncePerCase & Readonly<Record<EvaluationGrid, CaseMetrics>>;

/** A predicted case with the metrics that tables and tests use. */
export type EvaluationRow = PredictedCase & CaseMetrics;

/** A row, the grid that it was measured on, and the metrics on the other grid. */
export type ReportedRow = EvaluationRow &
  OncePerCase & { readonly grid: EvaluationGrid; readonly otherGrid: CaseMetrics };

export function rowOn(grid: EvaluationGrid, { native, working, ...place }: MeasuredCase): ReportedRow {
  const [own, otherGrid] = grid === 'native' ? [native, working] : [working, native];
  return { ...place, ...own, grid, otherGrid };
}

export function otherGridOf(grid: EvaluationGrid): EvaluationGrid {
  return grid === 'native' ? 'working' : 'native';
}
