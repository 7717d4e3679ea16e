import type { Lock } from '../../domain/lock/lock.js';
import { digestOfJson } from '../../domain/plan/key.js';
import { listed } from '../../domain/report/words/format-number.js';
import type { SweepContent } from '../../storage/sweeps/sweep-content.js';
import type { SweepRecord } from '../../storage/sweeps/sweep-records.js';
import type { Project } from '../project.js';
import { warn } from '../terminal/table.js';
import { trainedBefore, trainedSweeps } from './lock-sweep.js';

/** Says which lock a run is compared with, and what the log does not prove of it. */
export async function sayLockOf(
  { folder, store, lineage }: Project,
  lock: Lock,
  sweep: { readonly content: SweepContent; readonly record: SweepRecord },
): Promise<void> {
  const digest = digestOfJson(lock);
  warn(`locked on ${lock.lockedAt}: ${digest}`);
  const records = await lineage.read();
  const at = records.findIndex(({ kind, spec }) => kind === 'action' && spec.digest === digest);
  if (at < 0) {
    warn(
      'the log of this data folder has no record of this lock, so it does not show that the lock was there before results',
    );
    return;
  }
  const earlier = records.slice(0, at);
  const before = [...trainedSweeps(earlier, lock.name), ...(await trainedBefore(earlier, { folder, store }, sweep))];
  if (before.length > 0) warn(`the log has results from before this lock: ${listed(before)}`);
}
