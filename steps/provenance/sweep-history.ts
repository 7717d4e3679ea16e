import { withRules, type HoldRule } from '../../domain/plan/holds.js';
import { selectionsAround } from '../../domain/plan/unit-selection.js';
import type { LineageRecord } from '../../storage/store/lineage-records.js';

/** What the lineage tells of the runs of a sweep. */
export interface SweepHistory {
  /** When it was first run, and when last, in ISO 8601. */
  readonly firstRun: string;
  readonly lastRun: string;
  /** The units that were computed for it and not for another sweep. */
  readonly computed: number;
  /** What is held of a sweep that runs or was interrupted. */
  readonly holds: readonly HoldRule[];
}

/** The history of each sweep that was run, by its id. Records of version 1 do not tell of runs. */
export function sweepHistories(records: readonly LineageRecord[]): ReadonlyMap<string, SweepHistory> {
  const histories = new Map<string, SweepHistory>();
  const computed = new Map<string, Set<string>>();
  const note = (sweep: string | null | undefined, change: (known: SweepHistory) => Partial<SweepHistory>): void => {
    const known = histories.get(sweep ?? '');
    if (known !== undefined) histories.set(sweep ?? '', { ...known, ...change(known) });
  };
  for (const record of records) {
    if (record.kind === 'runStarted') {
      const { sweep } = record.spec;
      const { firstRun = record.at, holds = [] } = histories.get(sweep) ?? {};
      histories.set(sweep, { firstRun, lastRun: record.at, computed: 0, holds });
    } else if (record.kind === 'runEnded' && record.spec.outcome !== 'stopped') {
      // An interruption is not a sweep's end.
      note(record.spec.sweep, () => ({ holds: [] }));
    } else if (record.kind === 'action') {
      const { action, sweep, units, selections } = record.spec;
      // What is told otherwise, such as to run again, goes on.
      const concerned = selections ?? selectionsAround(units);
      note(sweep, ({ holds }) => ({ holds: withRules(holds, concerned, action === 'pause') }));
    } else if (record.kind === 'artifact' && record.spec.sweep !== undefined) {
      const { sweep, unit } = record.spec;
      computed.set(sweep, (computed.get(sweep) ?? new Set()).add(unit));
    }
  }
  for (const [sweep, units] of computed) note(sweep, () => ({ computed: units.size }));
  return histories;
}
