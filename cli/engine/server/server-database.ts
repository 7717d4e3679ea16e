import { readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { DataFolder } from '../../../storage/store/data-folder.js';

/** The SQLite file of the server of a data folder. */
export const databaseFile = ({ temporal }: DataFolder): string => join(temporal, 'temporal.db');

/** Results are in the store, so without its database the server only begins the sweep anew. */
export async function putDatabaseAside({ temporal }: DataFolder): Promise<void> {
  const free = await freeName(temporal);
  for (const name of await readdir(temporal)) {
    if (!/^temporal\.db(-\w+)?$/.test(name)) continue;
    await rename(join(temporal, name), join(temporal, name.replace('temporal.db', free)));
  }
  process.stderr.write(
    `Temporal's database could not be read; it is now ${join(temporal, free)}. The sweep goes on from the store.\n`,
  );
}

/** Puts aside what lies in the database's place and is no file, such as a folder: the server would fail or hang. */
export async function expectDatabaseFile(folder: DataFolder): Promise<void> {
  const found = await stat(databaseFile(folder)).catch(() => undefined);
  if (found !== undefined && !found.isFile()) await putDatabaseAside(folder);
}

/** An earlier damaged database stays as it is. */
async function freeName(temporal: string): Promise<string> {
  const taken = new Set(await readdir(temporal));
  for (let number = 1; ; number++) {
    const name = number === 1 ? 'damaged.db' : `damaged-${number}.db`;
    if (!taken.has(name)) return name;
  }
}
