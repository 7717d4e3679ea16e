import { LearningCurves, type LossCurves } from '../../steps/provenance/learning-curves.js';
import { readSweepContent } from '../../storage/sweeps/sweep-content.js';
import type { SweepRecord } from '../../storage/sweeps/sweep-records.js';
import type { Project } from '../project.js';
import { pictureOf } from './picture-of.js';
import type { SweepLook } from './sweep-picture.js';
import type { SweepStatus } from './sweep-status.js';
import { watchSweep } from './watch-sweep.js';

/** A sweep that another process runs, at a moment. */
export interface WatchedSweep {
  readonly status: SweepStatus;
  /** Undefined before its workflow has told anything. */
  readonly look: SweepLook | undefined;
  readonly curves: LossCurves;
}

interface Options {
  readonly address: string | undefined;
  readonly interruption: AbortSignal;
  readonly show: (sweep: WatchedSweep) => void | Promise<void>;
}

/** As `watchSweep`, with what its trainings on this machine show. Returns the last status. */
export async function watchPicture(
  project: Project,
  record: SweepRecord,
  { address, interruption, show }: Options,
): Promise<SweepStatus> {
  const content = await readSweepContent(project.store, record.specification);
  const picture = await pictureOf(project, record, (await project.lineage.inspect()).records);
  const learning = new LearningCurves(project, record, content);
  return watchSweep(project, record.id, {
    ...{ address, interruption, onStatuses: (units) => picture.unitStatuses(units) },
    show: async (status) => {
      const { cached = [], done = [], running = [] } = picture.units() ?? {};
      const curves = await learning.look([...cached, ...done], running);
      picture.curves(curves, content.config.training.maxEpochs);
      const isOpen = status.state === 'running' && status.progress !== null;
      await show({ status, curves, look: isOpen ? picture.look(status.progress) : undefined });
    },
  });
}
