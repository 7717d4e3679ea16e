import { z } from 'zod';

import { metricNames } from '../domain/evaluate/metrics.js';
import type { ReportedRow } from '../domain/evaluate/evaluation-row.js';
import { randomStream } from '../domain/random/random-stream.js';
import { compareLosses, type Comparison } from '../domain/statistics/compare-losses.js';
import { lossName } from '../domain/training/losses/loss-choice.js';
import { join } from './join.js';
import { defineStep, type Sources } from './step.js';

const interval = z.tuple([z.number(), z.number()]);

const fields = {
  dataSet: z.string(),
  model: z.string(),
  metric: z.enum(metricNames),
  loss: z.string(),
  mean: z.number(),
  cases: z.int(),
  groups: z.int(),
  conditional: z.strictObject({ pValue: z.number(), interval: interval.nullable() }),
  includingTraining: z
    .strictObject({ pValue: z.number(), interval, folds: z.int(), degreesOfFreedom: z.number() })
    .nullable(),
  equivalence: z.strictObject({ margin: z.number(), pValue: z.number(), interval }).nullable(),
};

const comparison: z.ZodType<Comparison> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('againstZero'), ...fields }),
  z.strictObject({ kind: z.literal('lossPair'), reference: z.string(), ...fields }),
]);

/** What the comparisons of a data set depend on, beside its rows. */
export function comparisonSettings({
  config: { seed, split, statistics, arms },
  dataSet: { name },
}: Pick<Sources['dataSet'], 'config' | 'dataSet'>) {
  return {
    resamples: statistics.resamples,
    significance: statistics.significance,
    interval: statistics.interval,
    equivalenceMargin: statistics.equivalenceMargin,
    // A file's folds are taken as drawn at random.
    stratify: split.file === undefined ? split.stratify : ('none' as const),
    seed,
    dataSet: name,
    losses: arms.losses.map(lossName),
  };
}

/** Tests each metric between losses and each volume error against 0, over the same cases. */
export const compare = defineStep({
  name: 'compare',
  version: 5,
  does: 'tests volume errors and differences between losses',
  needs: [join],
  fanOut: 'dataSet',
  queue: 'data',
  startToCloseHours: 1,
  heartbeatSeconds: 120,
  // Which test decides and how p-values are corrected is the report's affair.
  settings: comparisonSettings,
  summary: z.strictObject({ comparisons: z.array(comparison) }),
  run: async ({ settings, inputs }) => {
    const { rows } = (await inputs.one(join)).summary;
    return { files: {}, summary: { comparisons: compareRows(settings, rows) } };
  },
});

/** The step's comparisons of a data set's rows. */
export function compareRows(
  { seed, losses, dataSet: _, ...statistics }: ReturnType<typeof comparisonSettings>,
  rows: readonly ReportedRow[],
): Comparison[] {
  const random = (dataSet: string) => randomStream(seed, dataSet, 'bootstrap');
  return compareLosses({ rows, losses, statistics, random });
}
