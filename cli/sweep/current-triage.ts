import type { WorkflowHandle } from '@temporalio/client';

import type { UnitFailure } from '../../contracts/sweep.js';
import type { TriagedUnit } from '../../domain/plan/triage.js';
import { triageSweep } from '../../steps/planning/triage-sweep.js';
import type { SweepContent } from '../../storage/sweeps/sweep-content.js';
import type { SweepRecord } from '../../storage/sweeps/sweep-records.js';
import { readSweepResult } from '../../storage/sweeps/sweep-results.js';
import { askProgress, askStatuses, openSweep, type LiveClient } from '../engine/live-sweep.js';
import type { Project } from '../project.js';

/** What has become of each unit of a sweep, and its workflow if it is open. */
export interface CurrentTriage {
  readonly units: readonly TriagedUnit[];
  readonly failures: readonly UnitFailure[];
  readonly open: WorkflowHandle | undefined;
}

/** Asks an open sweep; of another one, reads what its last run has left. */
export async function currentTriage(
  project: Project,
  { record, content }: { readonly record: SweepRecord; readonly content: SweepContent },
  live: LiveClient | undefined,
): Promise<CurrentTriage> {
  const open = live && (await openSweep(live.client, record.id));
  if (live === undefined || open === undefined) {
    const failures = (await readSweepResult(project.folder, record.id))?.failures ?? [];
    return { units: await triageSweep(project, content, record, { failures }), failures, open: undefined };
  }
  const statuses = await askStatuses(live.client, open);
  const failures = (await askProgress(live.client, open))?.failures ?? [];
  return { units: await triageSweep(project, content, record, { failures, statuses }), failures, open };
}
