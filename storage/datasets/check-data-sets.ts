import type { Config } from '../../configs/config-schema.js';
import { DomainError } from '../../domain/domain-error.js';
import type { DataSetLocation } from '../sweep-records.js';
import { locateCases } from './scan-cases.js';

/**
 * What can be known of the data sets before anything starts: that they are there, in their layout, and have a
 * participant for each fold. Throws DATA_SET_INVALID that lists every fault of every data set.
 */
export async function checkDataSets(
  config: Config,
  locations: Readonly<Record<string, DataSetLocation>>,
): Promise<void> {
  const faults: string[] = [];
  for (const dataSet of config.dataSets) {
    const location = locations[dataSet.name];
    if (location === undefined) continue;
    try {
      const cases = await locateCases(dataSet, location);
      const participants = new Set(cases?.map(({ participant }) => participant)).size;
      if (cases !== undefined && participants < config.split.folds) {
        const folds = String(config.split.folds);
        faults.push(
          `${folds} folds need at least as many participants, but ${location.root} has ${String(participants)}`,
        );
      }
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      faults.push(error.message);
      continue;
    }
  }
  if (faults.length > 0) throw new DomainError('DATA_SET_INVALID', faults.join('\n'));
}
