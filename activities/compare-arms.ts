import { unitId } from '../domain/plan/units.js';
import { randomStream } from '../domain/random/random-stream.js';
import { compareLosses, type Comparison } from '../domain/statistics/compare-losses.js';
import { readInput } from '../storage/sweeps/step-inputs.js';
import type { AggregateSummary } from './aggregate-rows.js';
import type { StepOutput, StepWork } from './activity-context.js';

export interface CompareSummary {
  readonly comparisons: readonly Comparison[];
}

/** Tests each metric between losses and each volume error against 0, over the same cases. */
export async function compareArms({ context: { store }, request, content }: StepWork): Promise<StepOutput> {
  const name = request.coordinates.dataSet ?? '';
  const { rows } = (await readInput(store, request, unitId('aggregate', { dataSet: name }))) as AggregateSummary;
  const { seed, arms, statistics } = content.config;
  const comparisons = compareLosses({
    rows,
    losses: arms.losses,
    statistics,
    random: (dataSet) => randomStream(seed, dataSet, 'bootstrap'),
  });
  const summary: CompareSummary = { comparisons };
  return { files: {}, summary };
}
