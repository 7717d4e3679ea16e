import type { SweepResult } from '../../contracts/sweep.js';
import { operatorName } from '../../storage/machine/operator.js';
import type { LineageLog } from '../../storage/store/lineage-log.js';
import { isDiskFull } from '../../storage/files/file-errors.js';
import type { SweepRecord } from '../../storage/sweeps/sweep-records.js';

/**
 * Records in the lineage that a sweep is run, and how the run ends; one that is killed, or stops on a full disk, has no end. STORE_CORRUPT if the log is
 * damaged: what would be added to it now would look as if it had been checked.
 */
export async function recordedRun<T extends { readonly result: SweepResult }>(
  lineage: LineageLog,
  {
    record: { id: sweep, specification },
    command,
  }: { readonly record: SweepRecord; readonly command: 'run' | 'rerun' },
  run: () => Promise<T>,
): Promise<T> {
  await lineage.read();
  await lineage.append('runStarted', { sweep, specification, command, operator: operatorName() });
  try {
    const ended = await run();
    const { outcome, report } = ended.result;
    await lineage.append('runEnded', { sweep, outcome, report: report?.digest ?? null });
    return ended;
  } catch (error) {
    await lineage.append('runEnded', { sweep, outcome: 'stopped', report: null }).catch((fault: unknown) => {
      // Then the run looks as if it had been killed; why it has stopped is what a user should read.
      if (!isDiskFull(fault)) throw fault;
    });
    throw error;
  }
}
