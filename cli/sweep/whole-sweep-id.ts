import { DomainError } from '../../domain/domain-error.js';
import { firstTen } from '../../domain/report/words/format-number.js';
import type { DataFolder } from '../../storage/store/data-folder.js';
import { listSweeps } from '../../storage/sweeps/sweep-records.js';

/** What follows the name of a sweep in its id. */
const suffix = /-[0-9a-f]{10}$/;

/**
 * The id of the only sweep of a data folder that has a text as its name, or else of the only one that begins with it; the
 * text itself if none does. ARGUMENT_INVALID if several do.
 */
export async function wholeSweepId(folder: DataFolder, text: string): Promise<string> {
  // Most are whole, and looking for others may take a request to a store.
  if (suffix.test(text)) return text;
  const beginning = text === '' ? [] : (await listSweeps(folder)).filter((id) => id.startsWith(text));
  const named = beginning.filter((id) => id.replace(suffix, '') === text);
  const found = named.length > 0 ? named : beginning;
  const [only, ...others] = found;
  if (others.length === 0) return only ?? text;
  const what = named.length > 0 ? 'the name' : 'the beginning';
  throw new DomainError('ARGUMENT_INVALID', `"${text}" is ${what} of several sweeps: ${firstTen(found)}`);
}
