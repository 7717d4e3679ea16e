import { DomainError } from '../../domain/domain-error.js';
import type { ArtifactStore } from '../../storage/store/artifact-store.js';
import type { LineageRecord } from '../../storage/store/lineage-records.js';
import type { RecordedWork } from '../../storage/store/work-records.js';
import type { PipelineStep } from '../step.js';

/** A recorded piece of work, with what its record says of itself; null in version 1. */
export interface DatedWork extends RecordedWork {
  readonly at: string | null;
  readonly software: Readonly<Record<string, string>> | null;
}

/** The works that a log records, oldest first. */
export function datedWorks(records: readonly LineageRecord[]): DatedWork[] {
  return records.flatMap((record) => {
    if (record.kind !== 'artifact') return [];
    const known = record.version === 1 ? { at: null, software: null } : record;
    return [{ ...record.spec, at: known.at, software: known.software }];
  });
}

/** The summary of a work's result. ARGUMENT_INVALID if another version of the step has made it in another form. */
export async function summaryOfWork<Summary>(
  store: ArtifactStore,
  step: PipelineStep<Summary>,
  work: RecordedWork,
): Promise<Summary> {
  const { summary } = await store.manifest(work.digest);
  const { success, data } = step.summary.safeParse(summary);
  if (success) return data;
  const made = `version ${work.version} of the step ${step.name} made the result of ${work.unit}`;
  const remedy = `this volbias reads version ${step.version}; run the sweep again`;
  throw new DomainError(work.version === step.version ? 'STORE_CORRUPT' : 'ARGUMENT_INVALID', `${made}, ${remedy}`);
}
