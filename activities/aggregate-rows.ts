import type { EvaluationRow } from '../domain/evaluate/evaluation-row.js';
import { readInputs } from '../storage/step-inputs.js';
import type { StepOutput, StepWork } from './activity-context.js';

export interface AggregateSummary {
  readonly rows: readonly EvaluationRow[];
  /** Units whose results are missing. */
  readonly gaps: readonly string[];
}

/** Joins the rows of every arm and fold that has them, and says which have not. */
export async function aggregateRows({ context: { store }, request }: StepWork): Promise<StepOutput> {
  const evaluations = await readInputs(store, request, 'evaluate');
  const summary: AggregateSummary = {
    rows: evaluations.flatMap(({ summary }) => (summary as { rows: readonly EvaluationRow[] }).rows),
    gaps: request.gaps,
  };
  return { files: {}, summary };
}
