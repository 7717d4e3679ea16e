import { z } from 'zod';

import { metricNames } from '../domain/evaluate/metrics.js';
import { randomStream } from '../domain/random/random-stream.js';
import { compareLosses, type Comparison } from '../domain/statistics/compare-losses.js';
import { lossName } from '../domain/training/losses/loss-choice.js';
import { join } from './join.js';
import { defineStep } from './step.js';

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
  settings: ({ config: { seed, split, statistics, arms }, dataSet: { name } }) => ({
    resamples: statistics.resamples,
    significance: statistics.significance,
    interval: statistics.interval,
    equivalenceMargin: statistics.equivalenceMargin,
    // A file's folds are taken as drawn at random.
    stratify: split.file === undefined ? split.stratify : ('none' as const),
    seed,
    dataSet: name,
    losses: arms.losses.map(lossName),
  }),
  summary: z.strictObject({ comparisons: z.array(comparison) }),
  run: async ({ settings: { seed, losses, ...statistics }, inputs }) => {
    const { rows } = (await inputs.one(join)).summary;
    const random = (dataSet: string) => randomStream(seed, dataSet, 'bootstrap');
    return { files: {}, summary: { comparisons: compareLosses({ rows, losses, statistics, random }) } };
  },
});
