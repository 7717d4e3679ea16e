import { withRules, type HoldRule } from '../../domain/plan/holds.js';
import { isSelected, selectionsAround } from '../../domain/plan/unit-selection.js';
import type { LineageRecord } from '../../storage/store/lineage-records.js';

/** What the lineage tells of the runs of a sweep. */
export interface SweepHistory {
  /** When it was first run, and when last, in ISO 8601. */
  readonly firstRun: string;
  readonly lastRun: string;
  /** Whether the last run was interrupted or still goes on. */
  readonly isOpen: boolean;
  /** The units that were computed for it and not for another sweep. */
  readonly computed: number;
  /** What is held of a sweep that runs or was interrupted. */
  readonly holds: readonly HoldRule[];
  /** Units that such a sweep does without. */
  readonly cancelled: ReadonlySet<string>;
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
      const { firstRun = record.at, holds = [], cancelled = new Set<string>() } = histories.get(sweep) ?? {};
      histories.set(sweep, { firstRun, lastRun: record.at, isOpen: true, computed: 0, holds, cancelled });
    } else if (record.kind === 'runEnded' && record.spec.outcome !== 'stopped') {
      // An interruption is not a sweep's end.
      note(record.spec.sweep, () => ({ isOpen: false, holds: [], cancelled: new Set() }));
    } else if (record.kind === 'action') {
      const { action, sweep, units, selections } = record.spec;
      // What is told otherwise, such as to run again, goes on.
      const concerned = selections ?? selectionsAround(units);
      note(sweep, ({ holds, cancelled }) => ({
        holds: withRules(holds, concerned, action === 'pause'),
        cancelled: changed(cancelled, units, action),
      }));
    } else if (record.kind === 'artifact' && record.spec.sweep !== undefined) {
      const { sweep, unit } = record.spec;
      computed.set(sweep, (computed.get(sweep) ?? new Set()).add(unit));
    }
  }
  for (const [sweep, units] of computed) note(sweep, () => ({ computed: units.size }));
  return histories;
}

function changed(cancelled: ReadonlySet<string>, units: readonly string[], action: string): ReadonlySet<string> {
  if (action === 'cancel') return new Set([...cancelled, ...units]);
  if (action !== 'rerun') return cancelled;
  // What needs a unit that is run again is run, too.
  const again = selectionsAround(units);
  return new Set([...cancelled].filter((unit) => !isSelected(unit, again)));
}
