import type { FailureKind } from '../../contracts/failures.js';
import type { SweepProgress, UnitsByStatus } from '../../contracts/sweep.js';
import { isHeldBy } from '../../domain/plan/holds.js';
import type { TriagedUnit } from '../../domain/plan/triage.js';
import { parseUnitName } from '../../domain/plan/unit-name.js';
import type { ArtifactStore } from '../../storage/store/artifact-store.js';
import { checkpointEpoch } from '../../storage/store/checkpoint-epoch.js';
import type { DataFolder } from '../../storage/store/data-folder.js';
import { lineageOf } from '../../storage/store/shared/open-store.js';
import { recordedFailures } from '../../storage/sweeps/failure-records.js';
import type { SweepContent } from '../../storage/sweeps/sweep-content.js';
import type { SweepRecord } from '../../storage/sweeps/sweep-records.js';
import { datedWorks } from '../provenance/recorded.js';
import { sweepHistories } from '../provenance/sweep-history.js';
import { planSweep } from './plan-sweep.js';

/** What the sweep's workflow says, or its last run has left: the former has statuses, too. */
export interface KnownOfSweep {
  readonly failures: SweepProgress['failures'];
  readonly statuses?: UnitsByStatus;
}

/**
 * What has become of each unit of a sweep, from its plan, the store, checkpoints and records of failures; of an open sweep,
 * also from its workflow. Computes nothing. DATA_SET_INVALID if a data set is not there.
 */
export async function triageSweep(
  project: { readonly folder: DataFolder; readonly store: ArtifactStore },
  content: SweepContent,
  record: SweepRecord,
  { failures, statuses }: KnownOfSweep,
): Promise<TriagedUnit[]> {
  const { folder } = project;
  const { works } = await planSweep(project, content, record);
  const { records } = await lineageOf(folder).inspect();
  const own = new Set(datedWorks(records).flatMap(({ sweep, key }) => (sweep === record.id ? [key] : [])));
  const running = new Set(statuses?.running);
  const held = new Set(statuses?.held);
  const { holds = [], cancelled = [] } = sweepHistories(records).get(record.id) ?? {};
  const failed = new Set(statuses?.failed);
  const cancelling = new Set(statuses?.cancelling);
  // Of an open sweep, a recorded failure may be one that is being retried.
  const kinds = new Map(statuses === undefined ? await recordedFailures(folder, record.id) : []);
  for (const { unit, kind } of failures) kinds.set(unit, kind);
  if (statuses === undefined) for (const unit of cancelled) kinds.set(unit, 'Cancelled' satisfies FailureKind);
  return Promise.all(
    works.map(async ({ unit, step, key, cached }) => {
      const what = { unit, step, key, coordinates: parseUnitName(unit)?.coordinates ?? {} };
      // Another sweep may have computed what has failed in this one.
      if (cached && !failed.has(unit)) return { ...what, state: key !== null && own.has(key) ? 'done' : 'cached' };
      if (cancelling.has(unit)) return { ...what, state: 'failed', kind: 'Cancelled' satisfies FailureKind };
      if (running.has(unit)) return { ...what, state: 'running' };
      const kind = kinds.get(unit);
      const epoch = key === null ? undefined : await checkpointEpoch(folder, key);
      const { maxEpochs } = content.config.training;
      const more = { ...(kind !== undefined && { kind }), ...(epoch !== undefined && { epoch, maxEpochs }) };
      // Of a sweep that is not open, what could run is held as it was last told.
      const isHeld = statuses === undefined ? key !== null && isHeldBy(holds, what) : held.has(unit);
      if (isHeld) return { ...what, ...more, state: 'paused' };
      return { ...what, ...more, state: kind !== undefined ? 'failed' : epoch !== undefined ? 'resumable' : 'missing' };
    }),
  );
}
