import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { repositoryRoot } from '../support/paths.js';

export interface Row {
  readonly what: string;
  readonly when: string;
  readonly held: boolean;
  /** In the table, instead of whether it held. */
  readonly result?: string;
}

const page = join(repositoryRoot, 'docs', 'faults.md');
const [begin, end] = ['<!-- faults -->', '<!-- /faults -->'];

/** Puts the table into the page, between its marks. */
export async function writeTable(rows: readonly Row[]): Promise<void> {
  const text = await readFile(page, 'utf8');
  const lines = rows.map(
    ({ what, when, held, result = held ? 'held' : 'failed' }) => `| ${what} | ${when} | ${result} |`,
  );
  const table = ['| what goes wrong | when | |', '|---|---|---|', ...lines].join('\n');
  const [before = '', rest = ''] = text.split(begin);
  await writeFile(page, `${before}${begin}\n\n${table}\n\n${end}${rest.split(end)[1] ?? ''}`);
}
