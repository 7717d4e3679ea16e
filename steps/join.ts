import { z } from 'zod';

import type { UnitGap } from '../contracts/sweep.js';
import { rowOn, type EvaluationGrid, type ReportedRow } from '../domain/evaluate/evaluation-row.js';
import { caseMetrics, collapsedTraining, evaluate, predictedCase, trainingReliability } from './evaluate.js';
import { defineStep, type SummaryOf } from './step.js';

const failure = z.strictObject({
  unit: z.string(),
  kind: z.string(),
  message: z.string(),
  reason: z.string().exactOptional(),
});

const evaluationRow: z.ZodType<ReportedRow> = predictedCase
  .extend({ grid: z.enum(['native', 'working']), otherGrid: caseMetrics })
  .extend(caseMetrics.shape);

const summary = z.strictObject({
  rows: z.array(evaluationRow),
  /** Of the probabilities of each training with results. */
  reliabilities: z.array(trainingReliability),
  /** Units without results, each with the failure that caused this. */
  gaps: z.array(z.strictObject({ unit: z.string(), cause: failure })),
  /** Absent if no training collapsed. */
  collapses: z.array(collapsedTraining).exactOptional(),
});

/** Joins the cases of all arms and folds that have results, as rows on the evaluation's grid, and lists those that do not. */
export const join = defineStep({
  name: 'join',
  version: 3,
  does: 'joins the rows of all cases, arms and folds',
  needs: [evaluate],
  fanOut: 'dataSet',
  queue: 'data',
  toleratesGaps: true,
  startToCloseHours: 1,
  heartbeatSeconds: 120,
  settings: ({ config: { evaluation } }) => ({ grid: evaluation.grid }),
  summary,
  run: async ({ settings: { grid }, inputs, gaps }) => {
    const evaluations = (await inputs.all(evaluate)).map((one) => one.summary);
    return { files: {}, summary: joinEvaluations(evaluations, { grid, gaps }) };
  },
});

/** The summary of the step, from those of the evaluations that there are. */
export function joinEvaluations(
  evaluations: readonly SummaryOf<typeof evaluate>[],
  { grid, gaps }: { readonly grid: EvaluationGrid; readonly gaps: readonly UnitGap[] },
): z.infer<typeof summary> {
  const collapses = evaluations.flatMap(({ collapse }) => collapse ?? []);
  return {
    rows: evaluations.flatMap(({ cases }) => cases.map((measured) => rowOn(grid, measured))),
    reliabilities: evaluations.map(({ reliability }) => reliability),
    gaps: [...gaps],
    ...(collapses.length > 0 && { collapses }),
  };
}
