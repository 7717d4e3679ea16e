import { readPreparedSummary, type PreparedRef } from '../storage/prepared-cases.js';
import { readInputs } from '../storage/step-inputs.js';
import type { CaseStatistics, StatisticsSummary } from '../storage/unit-cases.js';
import type { StepOutput, StepWork } from './activity-context.js';

/** Gathers the prepared cases of all shards with what normalising, splitting and the report need of each. */
export async function gatherStatistics({ context: { store }, request }: StepWork): Promise<StepOutput> {
  const shards = await readInputs(store, request, 'preprocess');
  const cases: CaseStatistics[] = [];
  for (const prepared of shards.flatMap(({ summary }) => (summary as { cases: readonly PreparedRef[] }).cases)) {
    const { moments, quality } = await readPreparedSummary(store, prepared.artifact);
    cases.push({ ...prepared, moments, quality });
  }
  cases.sort((a, b) => (a.id < b.id ? -1 : 1));
  const summary: StatisticsSummary = { cases };
  return { files: {}, summary };
}
