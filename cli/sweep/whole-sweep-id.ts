import { DomainError } from '../../domain/domain-error.js';
import { firstTen } from '../../domain/report/words/format-number.js';
import type { DataFolder } from '../../storage/store/data-folder.js';
import { listSweeps } from '../../storage/sweeps/sweep-records.js';

/**
 * The id of the only sweep of a data folder that begins with a text; the text itself if none does. ARGUMENT_INVALID if
 * several do.
 */
export async function wholeSweepId(folder: DataFolder, text: string): Promise<string> {
  // Most are whole, and looking for others may take a request to a store.
  if (/-[0-9a-f]{10}$/.test(text)) return text;
  const found = text === '' ? [] : (await listSweeps(folder)).filter((id) => id.startsWith(text));
  const [only, ...others] = found;
  if (others.length === 0) return only ?? text;
  throw new DomainError('ARGUMENT_INVALID', `"${text}" is the beginning of several sweeps: ${firstTen(found)}`);
}
