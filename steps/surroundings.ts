import type { StepRequest } from '../contracts/activities.js';
import type { SweepContent } from '../storage/sweeps/sweep-content.js';
import { readSweepRecord } from '../storage/sweeps/sweep-records.js';
import type { Surroundings } from './step.js';

/** Completes a unit's surroundings with what the sweep's record and config specify. */
export async function surroundingsOf(
  { sweepId, coordinates }: Pick<StepRequest, 'sweepId' | 'coordinates'>,
  { config }: SweepContent,
  here: Omit<Surroundings, 'location' | 'checkpointMinutes'>,
): Promise<Surroundings> {
  const { locations } = await readSweepRecord(here.folder, sweepId);
  return {
    ...here,
    location: locations[coordinates.dataSet ?? ''] ?? { root: '' },
    checkpointMinutes: config.training.checkpointMinutes,
  };
}
