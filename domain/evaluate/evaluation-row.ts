import type { CaseMetrics } from './evaluate-case.js';

/** One case, predicted by one arm (model × loss) trained without the case's fold. */
export type EvaluationRow = CaseMetrics & {
  readonly dataSet: string;
  readonly caseId: string;
  /** Folds and bootstrap group cases by participant, because cases of one participant are not independent. */
  readonly participant: string;
  readonly fold: number;
  readonly model: string;
  readonly loss: string;
};
