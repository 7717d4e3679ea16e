import type { CaseMetrics } from './evaluate-case.js';

/** One case as one arm (model × loss) predicted it while its fold was held out. */
export type EvaluationRow = CaseMetrics & {
  readonly dataSet: string;
  readonly caseId: string;
  /** The grouping unit of folds and of the bootstrap: cases of one participant are not independent. */
  readonly participant: string;
  readonly fold: number;
  readonly model: string;
  readonly loss: string;
};
