import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { hasErrorCode } from './file-errors.js';

/** Below this, Temporal's server and the checkpoints of small trainings have no room. */
const leastFreeBytes = 1 << 20;

/** Why nothing can be written in a folder now, phrased to follow its path; undefined if something can. */
export async function whyNotWritable(folder: string): Promise<string | undefined> {
  const probe = join(folder, '.writable');
  try {
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize < leastFreeBytes) return 'its disk is full';
    await writeFile(probe, 'x');
    await rm(probe, { force: true });
    return undefined;
  } catch (error) {
    if (hasErrorCode(error, 'ENOSPC')) return 'its disk is full';
    if (hasErrorCode(error, 'EDQUOT')) return 'its disk quota is used up';
    if (hasErrorCode(error, 'EROFS')) return 'its disk is read-only';
    if (hasErrorCode(error, 'EACCES')) return 'permission denied: you may not write in it';
    return error instanceof Error ? error.message : String(error);
  }
}
