/**
 * Writes README's tables from reports: `node dist/test/docs/write-readme-tables.js` with the report folder of a run of
 * configs/quickstart.yaml, and optionally that of a run of configs/hippocampus.yaml, such as
 * `.volbias/sweeps/quickstart-…/report`. Without the second folder, the second table stays as it is.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { repositoryRoot } from '../support/paths.js';
import { captionOf, hippocampusTable, processorsOf, quickstartTable, withTable, type Table1 } from './readme-tables.js';

const [quickstart, hippocampus] = process.argv.slice(2);
if (quickstart === undefined) throw new Error('expected the report folder of the quickstart');
const path = join(repositoryRoot, 'README.md');

function tableOf(folder: string, format: (table1: Table1) => string): string {
  const table1 = JSON.parse(readFileSync(join(folder, 'table1.json'), 'utf8')) as Table1;
  const processors = processorsOf(readFileSync(join(folder, 'report.html'), 'utf8'));
  return `${format(table1)}\n\n${captionOf(table1, processors)}`;
}

let readme = withTable(readFileSync(path, 'utf8'), 'quickstart', tableOf(quickstart, quickstartTable));
if (hippocampus !== undefined) readme = withTable(readme, 'hippocampus', tableOf(hippocampus, hippocampusTable));
writeFileSync(path, readme);
