import type { StepRequest } from '../contracts/activities.js';
import type { UnitCoordinates } from '../domain/plan/units.js';
import { writePhantom } from '../storage/datasets/write-phantom.js';
import type { DataFolder } from '../storage/store/data-folder.js';
import type { SweepContent } from '../storage/sweeps/sweep-content.js';
import { locationOf, readSweepRecord, type SweepRecord } from '../storage/sweeps/sweep-records.js';
import type { Surroundings } from './step.js';

/** Completes a unit's surroundings with what the sweep's record and config specify. */
export async function surroundingsOf(
  { sweepId, coordinates }: Pick<StepRequest, 'sweepId' | 'coordinates'>,
  content: SweepContent,
  here: Omit<Surroundings, 'location' | 'drawPhantom' | 'checkpointMinutes'>,
): Promise<Surroundings> {
  return {
    ...here,
    ...placesOf(here.folder, { content, record: await readSweepRecord(here.folder, sweepId) }, coordinates),
  };
}

/** Where the data set of a unit is on this machine, and what else the config says of the unit's work. */
export function placesOf(
  folder: DataFolder,
  { content, record }: { readonly content: SweepContent; readonly record: SweepRecord },
  { dataSet: name = '' }: UnitCoordinates,
): Pick<Surroundings, 'location' | 'drawPhantom' | 'checkpointMinutes'> {
  const { dataSets, seed, training } = content.config;
  const location = locationOf(folder, content, record, name);
  const phantom = dataSets.find((one) => one.name === name)?.phantom;
  return {
    location,
    drawPhantom: async () => {
      if (phantom !== undefined) await writePhantom(location.root, phantom, { seed, name });
    },
    checkpointMinutes: training.checkpointMinutes,
  };
}
