import { join } from 'node:path';

import type { Finding } from '../../../storage/datasets/findings/finding.js';
import { validateDataSet } from '../../../storage/datasets/validate-data-set.js';
import { FileDigests } from '../../../storage/files/file-digests.js';
import { configOf } from './prepare-data-set.js';

/** What validate finds in a data set with one fold. */
export async function findingsOf(root: string, dataSet: object): Promise<readonly Finding[]> {
  const [own] = configOf({ path: root, ...dataSet }).dataSets;
  if (own === undefined) throw new Error('the config has a data set');
  const request = {
    dataSet: { ...own, upsampling: 'same' as const },
    location: { root },
    folds: 1,
    importedFolds: null,
    innerValidation: false,
  };
  const found = await validateDataSet({ ...request, digests: new FileDigests(join(root, '..', 'digests.json')) });
  return found?.findings ?? [];
}
