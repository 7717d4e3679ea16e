import { z } from 'zod';

import { collapsedTraining, evaluate, evaluationRow } from './evaluate.js';
import { defineStep } from './step.js';

const failure = z.strictObject({
  unit: z.string(),
  kind: z.string(),
  message: z.string(),
  reason: z.string().exactOptional(),
});

const summary = z.strictObject({
  rows: z.array(evaluationRow),
  /** Units without results, each with the failure that caused this. */
  gaps: z.array(z.strictObject({ unit: z.string(), cause: failure })),
  /** Absent if no training collapsed. */
  collapses: z.array(collapsedTraining).exactOptional(),
});

/** Joins the rows of all arms and folds that have results, and lists those that do not. */
export const join = defineStep({
  name: 'join',
  version: 1,
  does: 'joins the rows of all cases, arms and folds',
  needs: [evaluate],
  fanOut: 'dataSet',
  queue: 'data',
  toleratesGaps: true,
  startToCloseHours: 1,
  heartbeatSeconds: 120,
  settings: () => ({}),
  summary,
  run: async ({ inputs, gaps }) => {
    const evaluations = (await inputs.all(evaluate)).map((one) => one.summary);
    const collapses = evaluations.flatMap(({ collapse }) => collapse ?? []);
    return {
      files: {},
      summary: {
        rows: evaluations.flatMap(({ rows }) => rows),
        gaps: [...gaps],
        ...(collapses.length > 0 && { collapses }),
      },
    };
  },
});
