import { dirname, resolve } from 'node:path';

/** Where a data set is: as the config says, relative to it; or elsewhere, relative to the working directory. */
export function folderOnDisk(configPath: string, path: string, elsewhere: string | undefined): string {
  return elsewhere === undefined ? resolve(dirname(resolve(configPath)), path) : resolve(elsewhere);
}
