import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

import { LineageLog } from '../../../storage/store/lineage-log.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** An empty log in a folder of its own. */
export const newLog = async (test: TestContext): Promise<LineageLog> =>
  new LineageLog(join(await temporaryFolder(test), 'lineage.jsonl'));

/** What `action` records say of a note. */
export const note = (reason: string) => ({ action: 'test', sweep: null, units: [], reason, operator: 'a tester' });

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export async function linesOf({ path }: LineageLog): Promise<string[]> {
  return (await readFile(path, 'utf8')).trimEnd().split('\n');
}

/** What was noted, in order. */
export async function notesIn(log: LineageLog): Promise<string[]> {
  return (await log.read()).flatMap((record) => (record.kind === 'action' ? [record.spec.reason ?? ''] : []));
}

/** A log of four notes, and its text. */
export async function fourNotes(test: TestContext): Promise<{ log: LineageLog; lines: string[] }> {
  const log = await newLog(test);
  for (const text of ['one', 'two', 'three', 'four']) await log.append('action', note(text));
  return { log, lines: await linesOf(log) };
}
