import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';

import type { DataFolder } from '../../storage/store/data-folder.js';

/** Results are in the store, so without its database the server only begins the sweep anew. */
export async function putDatabaseAside({ temporal }: DataFolder): Promise<void> {
  for (const name of await readdir(temporal)) {
    if (!/^temporal\.db(-\w+)?$/.test(name)) continue;
    await rename(join(temporal, name), join(temporal, name.replace('temporal.db', 'damaged.db')));
  }
  process.stderr.write(
    `Temporal's database was damaged; it is now ${join(temporal, 'damaged.db')}. The sweep goes on from the store.\n`,
  );
}
