import type { Lock } from '../../domain/lock/lock.js';
import { digestOfJson } from '../../domain/plan/key.js';
import type { LineageLog } from '../../storage/store/lineage-log.js';
import { warn } from '../terminal/table.js';
import { trainedSweeps } from './lock-sweep.js';

/** Says which lock a run is compared with, and what the log does not prove of it. */
export async function sayLockOf(lineage: LineageLog, lock: Lock): Promise<void> {
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
  const before = trainedSweeps(records.slice(0, at), lock.name);
  if (before.length > 0) warn(`the log has results from before this lock: ${before.join(', ')}`);
}
