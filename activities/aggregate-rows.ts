import type { EvaluationRow } from '../domain/evaluate/evaluation-row.js';
import type { CollapsedTraining } from '../domain/results/results-input.js';
import { readInputs } from '../storage/sweeps/step-inputs.js';
import type { StepOutput, StepWork } from './activity-context.js';

export interface AggregateSummary {
  readonly rows: readonly EvaluationRow[];
  /** Units whose results are missing. */
  readonly gaps: readonly string[];
  /** Absent where no training has collapsed. */
  readonly collapses?: readonly CollapsedTraining[];
}

interface Evaluation {
  readonly rows: readonly EvaluationRow[];
  readonly collapse?: CollapsedTraining;
}

/** Joins the rows of every arm and fold that has them, and says which have not. */
export async function aggregateRows({ context: { store }, request }: StepWork): Promise<StepOutput> {
  const evaluations = await readInputs(store, request, 'evaluate');
  const results = evaluations.map(({ summary }) => summary as Evaluation);
  const collapses = results.flatMap(({ collapse }) => collapse ?? []);
  const summary: AggregateSummary = {
    rows: results.flatMap(({ rows }) => rows),
    gaps: request.gaps,
    ...(collapses.length > 0 && { collapses }),
  };
  return { files: {}, summary };
}
