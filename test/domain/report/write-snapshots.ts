/**
 * `node dist/test/domain/report/write-snapshots.js`: writes the page and the figures of the synthetic report to
 * test/domain/report/snapshots/. What has changed in them, git shows.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { reportSnapshots, snapshotFolder } from './report-snapshots.js';

rmSync(snapshotFolder, { recursive: true, force: true });
for (const [name, text] of reportSnapshots()) {
  const path = join(snapshotFolder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
