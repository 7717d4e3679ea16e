import { DomainError } from '../../domain/domain-error.js';
import { splitFault } from '../../domain/split/split-fault.js';
import type { SweepContent } from '../sweeps/sweep-content.js';
import type { DataSetLocation } from '../sweeps/sweep-records.js';
import { faulty } from './case-collection.js';
import type { CaseFiles, RejectedCase } from './case-files.js';
import { ignoredLabelFault } from './ignored-label.js';
import { locateCases } from './scan-cases.js';
import { unusableCases } from './validate-data-set.js';

/**
 * Checks the data sets before anything starts: that they exist, have their layout, select labelled voxels, and can be
 * split. Throws DATA_SET_INVALID that lists every fault of every data set. If a faulty case stops the sweep, the files
 * of all other cases are read too (`onReading` receives their number), so that one error lists all faulty cases.
 *
 * Returns where the cases are of data sets without faulty ones, for those who go on at once.
 */
export async function checkDataSets(
  { config, importedFolds }: Pick<SweepContent, 'config' | 'importedFolds'>,
  locations: Readonly<Record<string, DataSetLocation>>,
  onReading: (cases: number) => void = () => undefined,
): Promise<ReadonlyMap<string, readonly CaseFiles[]>> {
  const located = new Map<string, readonly CaseFiles[]>();
  const faults: string[] = [];
  for (const dataSet of config.dataSets) {
    const location = locations[dataSet.name];
    if (location === undefined) continue;
    try {
      const rejected: RejectedCase[] = [];
      const stops = dataSet.onInvalidCase === 'stop';
      const excluded: RejectedCase[] = [];
      const cases = await locateCases(dataSet, location, (one) => {
        if (stops) rejected.push(one);
        else excluded.push(one);
      });
      const ignored = cases === undefined ? undefined : await ignoredLabelFault(dataSet, location.root);
      if (ignored !== undefined) faults.push(ignored);
      if (cases !== undefined && excluded.length === 0) located.set(dataSet.name, cases);
      if (rejected.length > 0) {
        const others = cases ?? [];
        onReading(others.length);
        throw faulty(location.root, [...rejected, ...(await unusableCases(others, { ...dataSet, ...config.network }))]);
      }
      const innerValidation = config.training.validation === 'inner';
      const fault = cases && splitFault({ cases, folds: config.split.folds, importedFolds, innerValidation });
      if (fault !== undefined) faults.push(`data set ${dataSet.name} in ${location.root}: ${fault}`);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      faults.push(error.message);
      continue;
    }
  }
  if (faults.length > 0) throw new DomainError('DATA_SET_INVALID', faults.join('\n'));
  return located;
}
