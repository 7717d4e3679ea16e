import { DomainError } from '../domain/domain-error.js';
import { unitId } from '../domain/plan/units.js';
import type { Scan } from '../storage/datasets/scan-cases.js';
import { readPreparedSummary, type PreparedShard } from '../storage/cases/prepared-cases.js';
import { readInput, readInputs } from '../storage/sweeps/step-inputs.js';
import type { CaseStatistics, StatisticsSummary } from '../storage/cases/unit-cases.js';
import type { StepOutput, StepWork } from './activity-context.js';

/** Gathers the prepared cases of all shards with what normalising, splitting and the report need of each. */
export async function gatherStatistics({ context: { store }, request }: StepWork): Promise<StepOutput> {
  const { dataSet = '' } = request.coordinates;
  const scan = (await readInput(store, request, unitId('scan', { dataSet }))) as Scan;
  const shards = (await readInputs(store, request, 'preprocess')).map(({ summary }) => summary as PreparedShard);
  const cases: CaseStatistics[] = [];
  for (const prepared of shards.flatMap((shard) => shard.cases)) {
    const { moments, quality } = await readPreparedSummary(store, prepared.artifact);
    cases.push({ ...prepared, moments, quality });
  }
  cases.sort((a, b) => (a.id < b.id ? -1 : 1));
  const excluded = [...(scan.excluded ?? []), ...shards.flatMap((shard) => shard.excluded ?? [])];
  excluded.sort((a, b) => (a.id < b.id ? -1 : 1));
  if (cases.length === 0) {
    const [first] = excluded;
    const reason = first === undefined ? '' : `; the first: case "${first.id}": ${first.reason}`;
    throw new DomainError('DATA_SET_INVALID', `no case is left: ${excluded.length} faulty ones are excluded${reason}`);
  }
  const { warnings } = scan;
  const summary: StatisticsSummary = {
    cases,
    ...(excluded.length > 0 && { excluded }),
    ...(warnings !== undefined && { warnings }),
  };
  return { files: {}, summary };
}
