import { DomainError } from '../../domain/domain-error.js';
import { neededBySweeps } from '../../steps/planning/needed-by-sweeps.js';
import { takeLock } from '../../storage/files/file-lock.js';
import { findGarbage, type Garbage } from '../../storage/gc/find-garbage.js';
import { sweepRuns } from '../../storage/gc/needed.js';
import { emptyTrash, moveToTrash, restoreFromTrash } from '../../storage/gc/trash.js';
import { refuseLinkedFolders } from '../../storage/store/linked-folders.js';
import { operatorName } from '../../storage/machine/operator.js';
import { listSweeps } from '../../storage/sweeps/sweep-records.js';
import type { Project } from '../project.js';

/** By how much a file system's clock, which moves with the kernel's ticks, may be behind. */
const clockTickMs = 20;

export interface Collection {
  /** Sweeps that were named, and those whose last run has not ended. */
  readonly kept: readonly string[];
  readonly open: readonly string[];
  readonly removedSweeps: readonly string[];
  readonly garbage: readonly Garbage[];
}

/**
 * Removes what no sweep to keep needs; with `dryRun`, only lists it. Sweeps whose last run has not ended are kept, too.
 *
 * It may run beside a run: everything later than the beginning of the oldest open run stays, and nothing is deleted
 * before it has lain in the trash while the log was read again. If it is interrupted, the next one restores the trash.
 */
export async function collectGarbage(
  project: Project,
  { keep, dryRun }: { readonly keep: KeepChoice; readonly dryRun: boolean },
): Promise<Collection> {
  const { folder, lineage } = project;
  await refuseLinkedFolders(folder);
  const lock = await takeLock(`${folder.root}/gc.lock`);
  if (!('release' in lock)) {
    throw new DomainError('ARGUMENT_INVALID', `another gc (${lock.holder}) is at work in ${folder.root}`);
  }
  try {
    const startMs = Date.now();
    if (!dryRun) await restoreFromTrash(folder);
    const known = await listSweeps(folder);
    const runs = sweepRuns(await lineage.read());
    const open = known.filter((id) => runs.open.has(id));
    const kept = [...new Set([...chosenSweeps(keep, known, runs.lastRun), ...open])].sort();
    const beforeMs = Math.min(startMs, ...open.map((id) => Date.parse(runs.open.get(id) ?? '') - clockTickMs));
    const needed = await neededBySweeps(project, await lineage.read(), kept);
    const garbage = await findGarbage(folder, needed, beforeMs);
    const removedSweeps = known.filter((id) => !kept.includes(id));
    if (!dryRun) {
      const reason = `kept ${kept.join(', ')}`;
      await lineage.append('action', {
        action: 'gc',
        sweep: null,
        units: removedSweeps,
        reason,
        operator: operatorName(),
      });
      for (const { path } of garbage) await moveToTrash(folder, path);
      await restoreWhatIsNeeded(project, { kept, startMs });
      await emptyTrash(folder);
    }
    return { kept, open, removedSweeps, garbage };
  } finally {
    await lock.release();
  }
}

/** What a run has used since the garbage was found: recorded as an input, or written again as it was. */
async function restoreWhatIsNeeded(
  project: Project,
  { kept, startMs }: { readonly kept: readonly string[]; readonly startMs: number },
): Promise<void> {
  const records = await project.lineage.read();
  const started = [...sweepRuns(records).open.keys()];
  const { objects, keys, sweeps } = await neededBySweeps(project, records, [...new Set([...kept, ...started])]);
  await restoreFromTrash(project.folder, (path, modifiedMs) => {
    const [kind, first = '', name = ''] = path.split('/');
    if (modifiedMs >= startMs) return true;
    if (kind === 'objects') return objects.has(name);
    if (kind === 'index') return keys.has(name.replace(/\.json$/, ''));
    return (kind === 'sweeps' && sweeps.has(first)) || (kind === 'checkpoints' && keys.has(first));
  });
}

/** Which sweeps to keep: these, or the last so many that were run. */
export type KeepChoice = { readonly sweeps: readonly string[] } | { readonly last: number };

function chosenSweeps(keep: KeepChoice, known: readonly string[], lastRun: readonly string[]): readonly string[] {
  if ('last' in keep) {
    // Those that no record of a run names are the oldest.
    const unnamed = known.filter((id) => !lastRun.includes(id));
    return [...unnamed, ...lastRun.filter((id) => known.includes(id))].slice(-keep.last);
  }
  const unknown = keep.sweeps.filter((id) => !known.includes(id));
  if (unknown.length === 0) return keep.sweeps;
  const hint = known.length === 0 ? 'there are none' : `known: ${known.join(', ')}`;
  throw new DomainError('ARGUMENT_INVALID', `there is no sweep "${unknown.join('", "')}"; ${hint}`);
}
