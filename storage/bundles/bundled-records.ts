import { isImportable, type ImportedRecord, type LineageRecord } from '../store/lineage-records.js';
import type { LogInspection } from '../store/log-inspection.js';
import type { RecordedWork } from '../store/work-records.js';

/** A line of a log that tells of a sweep. */
export interface BundledRecord {
  readonly line: string;
  readonly record: ImportedRecord;
}

/** The works among the records. */
export function worksIn(records: readonly BundledRecord[]): RecordedWork[] {
  return records.flatMap(({ record }) => (record.kind === 'artifact' ? [record.spec] : []));
}

/**
 * What a log says of a sweep: the work whose results are among the objects, the failures and resumptions of this work, and
 * the runs of the sweep and what was done to it.
 */
export function recordsOfSweep(
  { records, lines }: Pick<LogInspection, 'records' | 'lines'>,
  { sweep, objects }: { readonly sweep: string; readonly objects: ReadonlySet<string> },
): BundledRecord[] {
  const keys = new Set(
    records.flatMap(({ kind, spec }) => (kind === 'artifact' && objects.has(spec.digest) ? [spec.key] : [])),
  );
  const concerns = ({ kind, spec }: LineageRecord): boolean => {
    switch (kind) {
      case 'artifact':
        return objects.has(spec.digest);
      case 'failure':
        return spec.sweep === sweep || keys.has(spec.key);
      case 'resumption':
        return keys.has(spec.key);
      case 'runStarted':
      case 'runEnded':
      case 'action':
        return spec.sweep === sweep;
      default:
        return false;
    }
  };
  return records.flatMap((record, index) => {
    if (!isImportable(record) || !concerns(record)) return [];
    const { previous: _, ...content } = record;
    return [{ line: lines[index] ?? '', record: content as ImportedRecord }]; // of these kinds only
  });
}
