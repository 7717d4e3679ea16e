import { join } from 'node:path';

import { sharedUnitWorkflowId } from '../../contracts/workflow-ids.js';
import { DomainError } from '../../domain/domain-error.js';
import type { TriagedUnit } from '../../domain/plan/triage.js';
import { release } from '../../steps/pipeline.js';
import { checkpointsOf } from '../../storage/store/shared/checkpoints-of.js';
import type { DataFolder } from '../../storage/store/data-folder.js';
import { askServer } from '../engine/ask-server.js';
import type { LiveClient } from '../engine/live-sweep.js';

/**
 * Moves the checkpoints of units to the quarantine, so that they begin anew, and returns where they are now.
 * ARGUMENT_INVALID if one of the units is being computed, for another sweep for instance.
 */
export async function putCheckpointsAside(
  folder: DataFolder,
  units: readonly TriagedUnit[],
  live: LiveClient | undefined,
): Promise<readonly string[]> {
  const kept: string[] = [];
  for (const { unit, key } of units) {
    if (key === null) continue;
    const checkpoints = checkpointsOf(folder, key);
    if (!(await checkpoints.exist())) continue;
    if (live !== undefined && (await isComputed(live, key))) {
      throw new DomainError(
        'ARGUMENT_INVALID',
        `${unit} is being computed for another sweep; it cannot be restarted now`,
      );
    }
    const place = join(folder.quarantine, `checkpoints-${key.slice(0, 16)}`);
    await checkpoints.putAside(place);
    kept.push(place);
  }
  return kept;
}

async function isComputed({ client }: LiveClient, key: string): Promise<boolean> {
  const handle = client.workflow.getHandle(sharedUnitWorkflowId(release, key));
  const description = await askServer(client, () => handle.describe()).catch(() => undefined);
  return description?.status.name === 'RUNNING';
}
