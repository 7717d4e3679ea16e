import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { storedPage } from '../../../domain/report/page/copied-page.js';

/** Every file of a folder and those in it; none if it is not there. */
export async function filesBelow(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch {
    return [];
  }
}

/** Every record of a data folder's store, by key: which step's artifact it is, and the digest of its bytes. */
export async function artifactsOf(folder: string): Promise<Map<string, string>> {
  const files = await filesBelow(join(folder, 'index'));
  const entries = files.map(async (file) => [basename(file, '.json'), await readFile(file, 'utf8')] as const);
  return new Map(await Promise.all(entries));
}

/** The complete checkpoints of unfinished trainings. */
export async function checkpointsOf(folder: string): Promise<string[]> {
  const files = await filesBelow(join(folder, 'checkpoints'));
  return files.filter((file) => basename(file) === 'checkpoint.bin');
}

/** The report's files of a sweep, by name, as they are stored: what its page says of the log depends on the run. */
export async function reportOf(folder: string, sweep: string): Promise<Map<string, Buffer>> {
  const files = await filesBelow(join(folder, 'sweeps', sweep, 'report'));
  const stored = async (file: string): Promise<Buffer> => {
    const bytes = await readFile(file);
    return basename(file) === 'report.html' ? Buffer.from(storedPage(bytes.toString('utf8')).page) : bytes;
  };
  return new Map(await Promise.all(files.map(async (file) => [basename(file), await stored(file)] as const)));
}

/** The id of the only sweep of a config's name. */
export async function sweepIdOf(folder: string, name: string): Promise<string> {
  const ids = (await readdir(join(folder, 'sweeps'))).filter((id) => id.startsWith(`${name}-`));
  if (ids.length !== 1) throw new Error(`expected one sweep named ${name}, found [${ids.join(', ')}]`);
  return ids[0] ?? '';
}
