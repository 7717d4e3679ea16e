import { join } from 'node:path';

import { DomainError } from '../../../domain/domain-error.js';
import { writeFileAtomically } from '../../files/atomic-file.js';
import { hasErrorCode } from '../../files/file-errors.js';
import type { DataFolder } from '../data-folder.js';
import { inspectLog } from '../log-inspection.js';
import type { RemoteObjects } from './remote-objects.js';
import { readStoredFile } from '../../files/stored-file.js';

/** A log is named by random digits of its data folder and the first digits of its first line's SHA-256. */
const segmentPattern = /^lineage\/([0-9a-f]{16}-[0-9a-f]{16})\/([1-9]\d{0,11})-([1-9]\d{0,11})\.jsonl$/;

const newline = 10;

/** Lines of a log, from the first to the last, counted from 1. */
interface Segment {
  readonly name: string;
  readonly first: number;
  readonly last: number;
}

export function segmentName(log: string, first: number, last: number): string {
  return `lineage/${log}/${first}-${last}.jsonl`;
}

/**
 * Brings the copies of all logs of the store up to date, but for the folder's own, and returns their paths, sorted by id.
 * STORE_CORRUPT if lines of a log are missing. The chain within is for the reader to follow.
 */
export async function fetchOtherLogs(folder: DataFolder, remote: RemoteObjects, own: string): Promise<string[]> {
  const segments = new Map<string, Segment[]>();
  for (const { name } of await remote.list('lineage/')) {
    const [, log, first, last] = segmentPattern.exec(name) ?? [];
    if (log === undefined || log === own) continue;
    const known = segments.get(log) ?? [];
    segments.set(log, known);
    known.push({ name, first: Number(first), last: Number(last) });
  }
  const logs = [...segments].sort(([a], [b]) => (a < b ? -1 : 1));
  return Promise.all(logs.map(([log, known]) => fetchLog(folder, remote, { log, segments: known })));
}

async function fetchLog(
  folder: DataFolder,
  remote: RemoteObjects,
  { log, segments }: { readonly log: string; readonly segments: readonly Segment[] },
): Promise<string> {
  const path = join(folder.otherLogs, `${log}.jsonl`);
  const copy = await readCopy(path);
  const end = Math.max(...segments.map(({ last }) => last));
  const parts: Uint8Array[] = [copy];
  for (let lines = linesIn(copy); lines < end;) {
    const next = furthest(segments, lines + 1);
    if (next === undefined) throw missing(remote, log, lines + 1);
    parts.push(await linesOf(remote, next, lines + 1));
    lines = next.last;
  }
  if (parts.length > 1) await writeFileAtomically(path, Buffer.concat(parts));
  return path;
}

/** What is here of a log; nothing if it is damaged here. */
async function readCopy(path: string): Promise<Buffer> {
  try {
    const copy = await readStoredFile(path);
    const { damages, incompleteBytes } = await inspectLog(path, { isCopy: true });
    return damages.length === 0 && incompleteBytes === 0 ? copy : Buffer.alloc(0);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return Buffer.alloc(0);
    throw error;
  }
}

/** Of the segments that contain a line, the one that leads furthest. */
function furthest(segments: readonly Segment[], line: number): Segment | undefined {
  const usable = segments.filter(({ first, last }) => first <= line && last >= line);
  return usable.reduce<Segment | undefined>((best, one) => (one.last > (best?.last ?? 0) ? one : best), undefined);
}

/** The lines of a segment from one of them on. */
async function linesOf(remote: RemoteObjects, { name, first, last }: Segment, from: number): Promise<Uint8Array> {
  const found = await remote.get(name);
  const bytes = Buffer.from(found?.bytes ?? []);
  if (linesIn(bytes) !== last - first + 1 || bytes.at(-1) !== newline) {
    throw new DomainError(
      'STORE_CORRUPT',
      `${name} of the store ${remote.address} does not have the lines that its name says`,
    );
  }
  let start = 0;
  for (let line = first; line < from; line++) start = bytes.indexOf(newline, start) + 1;
  return bytes.subarray(start);
}

function linesIn(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) lines++;
  return lines;
}

function missing(remote: RemoteObjects, log: string, line: number): DomainError {
  const message = `the store ${remote.address} has lost lines of a lineage log: line ${line} of ${log}`;
  return new DomainError('STORE_CORRUPT', message);
}
