import { relative } from 'node:path';

import { canonicalJson } from '../../domain/plan/key.js';
import type { RecordedWork } from '../store/work-records.js';
import type { Finding } from './finding.js';
import type { StoreView } from './verify-store.js';

/**
 * Works that the log records with several results although nothing differs that may change one: neither settings nor
 * inputs, which the key contains, nor machine and build. `always`: steps whose results depend on more than that.
 */
export function conflictingResults({ folder, log }: StoreView, always: ReadonlySet<string>): Finding[] {
  const results = new Map<string, { readonly work: RecordedWork; readonly line: string }>();
  const lineNumbers = new Map(log.digests.map((digest, index) => [digest, index + 1]));
  return log.records.flatMap((record, index): Finding[] => {
    if (record.kind !== 'artifact' || always.has(record.spec.step) || !isDeterministic(record.spec)) return [];
    const work = record.spec;
    const line = log.lines[index] ?? '';
    const { process: _, ...environment } = work.environment;
    const same = canonicalJson([work.key, environment]);
    const before = results.get(same);
    if (before === undefined) results.set(same, { work, line });
    if (before === undefined || before.work.digest === work.digest) return [];
    return [
      {
        ...{ about: 'record', path: relative(folder.root, folder.lineageLog), line: lineNumbers.get(line) ?? 0 },
        problem: `it has another result than line ${lineNumbers.get(before.line) ?? 0} for the same work on the same machine`,
        ...{ of: [work.unit], dependents: [], sweeps: work.sweep === undefined ? [] : [work.sweep], repairable: false },
      },
    ];
  });
}

/** Whether the work's settings promise the same bytes each time. */
function isDeterministic({ parameters }: RecordedWork): boolean {
  return (parameters as { readonly deterministic?: boolean }).deterministic !== false;
}
