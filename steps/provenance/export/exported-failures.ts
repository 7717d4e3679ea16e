import type { ExportedFailure } from '../../../domain/lineage/export/exported-sweep.js';
import { stepOfUnit } from '../../../domain/plan/units.js';
import type { ArtifactStore } from '../../../storage/store/artifact-store.js';
import type { Provenance } from '../provenance-of.js';

/** The failures that have left gaps in the report, each with the last record of it. */
export async function exportedFailures(
  store: ArtifactStore,
  { record, records, made }: Provenance,
): Promise<ExportedFailure[]> {
  const gaps = made.flatMap((work) => work.gaps ?? []);
  const causes = new Map(gaps.map(({ cause }) => [cause.unit, cause]));
  const failures: ExportedFailure[] = [];
  for (const [unit, { kind, message, reason }] of [...causes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const last = records.findLast(
      (one) => one.kind === 'failure' && one.spec.unit === unit && one.spec.sweep === record.id,
    );
    failures.push({
      ...{ unit, step: stepOfUnit(unit), kind },
      message: reason === undefined ? message : Buffer.from(await store.readBlob(reason)).toString('utf8'),
      at: last?.version === 2 ? last.at : null,
    });
  }
  return failures;
}
