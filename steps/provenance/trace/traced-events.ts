import type { TracedEvent } from '../../../domain/lineage/trace.js';
import type { ArtifactStore } from '../../../storage/store/artifact-store.js';
import type { LineageRecord } from '../../../storage/store/lineage-records.js';
import type { RecordedWork } from '../../../storage/store/work-records.js';

/**
 * What the log says of the way to some results: the runs of the sweeps that they were computed for, failures and
 * resumptions of their work, interventions, and damage and repairs of the log. A failure has its message, as far as the
 * store still has it.
 */
export async function tracedEvents(
  store: ArtifactStore,
  records: readonly LineageRecord[],
  { sweep, works }: { readonly sweep: string; readonly works: readonly RecordedWork[] },
): Promise<TracedEvent[]> {
  const keys = new Set(works.map(({ key }) => key));
  const sweeps = new Set([sweep, ...works.flatMap((work) => work.sweep ?? [])]);
  const concerns = ({ kind, spec }: LineageRecord): boolean => {
    switch (kind) {
      case 'artifact':
      case 'confirmation':
        return false;
      case 'failure':
      case 'resumption':
        return keys.has(spec.key);
      case 'runStarted':
      case 'runEnded':
        return sweeps.has(spec.sweep);
      case 'action':
        return spec.sweep === null || sweeps.has(spec.sweep);
      case 'damage':
      case 'repair':
        return true;
    }
  };
  const events: TracedEvent[] = [];
  for (const record of records) {
    if (record.version === 1 || !concerns(record)) continue;
    const { at, kind, spec } = record;
    const { kind: failureKind, ...more } = { kind: undefined, ...spec };
    const message = kind === 'failure' && spec.words !== null ? await wordsOf(store, spec.words) : undefined;
    events.push({
      ...more,
      ...(failureKind !== undefined && { failureKind }),
      ...(message !== undefined && { message }),
      ...{ at, kind },
    });
  }
  return events;
}

async function wordsOf(store: ArtifactStore, digest: string): Promise<string | undefined> {
  return store.readBlob(digest).then(
    (bytes) => Buffer.from(bytes).toString('utf8'),
    () => undefined,
  );
}
