import { createHmac, hkdfSync } from 'node:crypto';

import type { DataFolder } from '../store/data-folder.js';
import { engineKeys } from './engine-key.js';

/**
 * What stands for a data set where Temporal shows it, or compares it, in clear: ten digits that only the data folder's key
 * leads to, because the digest of a name alone would confirm a guess of it. Equal names have equal labels.
 */
export async function dataSetLabel(
  folder: DataFolder,
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
): Promise<string> {
  const [key] = await engineKeys(folder, environment);
  const own = Buffer.from(hkdfSync('sha256', key, '', 'data-set label', 32));
  return `data-${createHmac('sha256', own).update(name).digest('hex').slice(0, 10)}`;
}
