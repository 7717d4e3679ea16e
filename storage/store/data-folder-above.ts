import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The name of a project's data folder. */
export const dataFolderName = '.volbias';

/** The data folder of a folder's project: in the folder itself or, as git does, in the nearest above it that has one. */
export function dataFolderAbove(folder: string): string | undefined {
  const own = join(resolve(folder), dataFolderName);
  if (statSync(own, { throwIfNoEntry: false })?.isDirectory() === true) return own;
  const above = dirname(resolve(folder));
  return above === resolve(folder) ? undefined : dataFolderAbove(above);
}
