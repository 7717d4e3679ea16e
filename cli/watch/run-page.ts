import { LearningCurves } from '../../steps/provenance/learning-curves.js';
import { readSweepContent } from '../../storage/sweeps/sweep-content.js';
import type { SweepRecord } from '../../storage/sweeps/sweep-records.js';
import { readWaiting } from '../../storage/sweeps/waiting-record.js';
import { temporalPage } from '../engine/live-sweep.js';
import type { Project } from '../project.js';
import type { SweepLook, SweepPicture } from '../sweep/sweep-picture.js';
import type { PlaceFlags } from '../terminal/command-for.js';
import { warn } from '../terminal/table.js';
import { SweepPage } from './sweep-page.js';

/** The page of a sweep that this process runs. */
export interface RunPage {
  /** Shows what the terminal shows, as fast as files can be read. */
  readonly show: (look: SweepLook, picture: SweepPicture) => void;
  /** Shows how the run has ended, or that it has not, and ends. */
  readonly end: (isOver: boolean) => Promise<void>;
}

/** Offers the page, and says where. */
export async function openRunPage(project: Project, record: SweepRecord, place: PlaceFlags): Promise<RunPage> {
  const page = await SweepPage.open(project, record, { port: 0, place, outlivesSweep: false });
  const learning = new LearningCurves(project, record, await readSweepContent(project.store, record.specification));
  const nothingYet = { sweep: record.id, state: 'running', progress: null, waitingFor: [] } as const;
  await page.show({ status: nothingYet, look: undefined, curves: new Map() }, undefined);
  warn(`the sweep in a browser: ${page.url}`);

  async function showNow(look: SweepLook, picture: SweepPicture): Promise<void> {
    const { cached = [], done = [], running = [] } = picture.units() ?? {};
    const curves = await learning.look([...cached, ...done], running);
    const waitingFor = await readWaiting(project.folder, record.id);
    const status = { sweep: record.id, state: 'running', progress: look.progress, waitingFor } as const;
    await page.show({ status, look, curves }, await temporalPage(project.folder, place.address));
  }

  let showing: Promise<void> | undefined;
  return {
    show: (look, picture) => {
      // What comes meanwhile is soon followed by what is newer.
      showing ??= showNow(look, picture)
        .catch(unlessItMatters)
        .finally(() => (showing = undefined));
    },
    end: async (isOver) => {
      await showing;
      if (isOver) await page.end().catch(unlessItMatters);
      else page.stop();
      await page.close();
    },
  };
}

/** The run does not depend on its page: the disk that it reads may be full or gone for a while. */
function unlessItMatters(): void {
  return undefined;
}
