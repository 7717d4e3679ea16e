import { setTimeout as pause } from 'node:timers/promises';

import type { UnitsByStatus } from '../../contracts/sweep.js';
import { lockHolder } from '../../storage/files/file-lock.js';
import { interruptions } from '../engine/until-interrupted.js';
import { askStatuses, liveClient, openSweep, type LiveClient } from '../engine/live-sweep.js';
import type { Project } from '../project.js';
import { readStatus, type SweepStatus } from './sweep-status.js';

const millisecondsBetweenLooks = 1000;
/** While a run restarts its server, or writes its report, the sweep is not open. */
const mostQuietLooks = 30;

const looksBetweenStatuses = 5;

interface Options {
  readonly address: string | undefined;
  readonly show: (status: SweepStatus) => void | Promise<void>;
  /** Called less often: of a large sweep, these are many names. */
  readonly onStatuses?: (units: UnitsByStatus) => void;
  readonly interruption: AbortSignal;
}

/** Shows a sweep's status again and again until the sweep has ended, or nobody runs it any more. Returns the last one. */
export async function watchSweep(
  project: Project,
  id: string,
  { address, show, onStatuses, interruption }: Options,
): Promise<SweepStatus> {
  let live: LiveClient | undefined;
  let quietLooks = 0;
  let looks = 0;
  try {
    for (;;) {
      const isRunBy = (await lockHolder(project.folder.lock)) !== undefined;
      live ??= await liveClient(project.folder, address);
      const status = await readStatus(project, id, live?.client);
      quietLooks = status.state === 'running' ? 0 : quietLooks + 1;
      if (onStatuses !== undefined && live !== undefined && looks++ % looksBetweenStatuses === 0) {
        const sweep = await openSweep(live.client, id);
        const units = sweep && (await askStatuses(live.client, sweep).catch(() => undefined));
        if (units !== undefined) onStatuses(units);
      }
      await show(status);
      if (interruption.aborted || (quietLooks > 0 && (!isRunBy || quietLooks > mostQuietLooks))) return status;
      await pause(millisecondsBetweenLooks, undefined, { signal: interruption }).catch(() => undefined);
    }
  } finally {
    await live?.close();
  }
}

/** A signal that Ctrl-C aborts, instead of ending this process; a closed terminal, too. */
export function interruptionByUser(): AbortSignal {
  const interruption = new AbortController();
  for (const signal of interruptions) {
    process.once(signal, () => {
      interruption.abort();
    });
  }
  return interruption.signal;
}
