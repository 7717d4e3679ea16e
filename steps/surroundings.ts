import type { StepRequest } from '../contracts/activities.js';
import type { SweepContent } from '../storage/sweeps/sweep-content.js';
import { locationOf, readSweepRecord } from '../storage/sweeps/sweep-records.js';
import type { Surroundings } from './step.js';

/** Completes a unit's surroundings with what the sweep's record and config specify. */
export async function surroundingsOf(
  { sweepId, coordinates }: Pick<StepRequest, 'sweepId' | 'coordinates'>,
  content: SweepContent,
  here: Omit<Surroundings, 'location' | 'checkpointMinutes'>,
): Promise<Surroundings> {
  const record = await readSweepRecord(here.folder, sweepId);
  return {
    ...here,
    location: locationOf(here.folder, content, record, coordinates.dataSet ?? ''),
    checkpointMinutes: content.config.training.checkpointMinutes,
  };
}
