import { contentOfLine, parseRecord, type LineageRecord, type LogRecord } from './lineage-records.js';
import { linesOf, noPrevious, readHead, sha256Of } from './log-lines.js';

/** A line of the log that does not count, and why; line 0 stands for a log that has lost all records. */
export interface LogDamage {
  readonly line: number;
  readonly sha256: string;
  readonly problem: string;
  /** What the line says, if it can be read. */
  readonly record?: LineageRecord;
}

export interface LogInspection {
  /** The records that the chain confirms, oldest first. */
  readonly records: readonly LineageRecord[];
  /** The SHA-256 of the line of each of these. */
  readonly lines: readonly string[];
  /** SHA-256 of each complete line. */
  readonly digests: readonly string[];
  /** What nobody has acknowledged yet. */
  readonly damages: readonly LogDamage[];
  /** Damage that an operator has acknowledged, with the line that says so. */
  readonly acknowledged: readonly (LogDamage & { readonly at: number })[];
  /** What follows the last complete line: the next append puts it aside. */
  readonly incompleteBytes: number;
}

interface Line {
  readonly sha256: string;
  readonly record: LogRecord | undefined;
  readonly fault: string;
}

/**
 * Follows the chain of hashes through the whole log. A line counts if the next one names its SHA-256 as the previous
 * line's; for the last line, the head beside the log does. An altered line is therefore named itself. A copy of what another
 * machine has written so far has no head.
 */
export async function inspectLog(path: string, { isCopy = false } = {}): Promise<LogInspection> {
  // Read first: an append writes the log before the head.
  const head = await readHead(path);
  const lines: Line[] = [];
  let incompleteBytes = 0;
  for await (const { bytes, complete } of linesOf(path)) {
    if (complete) lines.push(lineOf(bytes));
    else incompleteBytes = bytes.length;
  }
  const found = damagesOf(lines, head, isCopy);
  const known = acknowledgedLines(lines);
  const damaged = new Set(found.map(({ line }) => line));
  const at = (damage: LogDamage): number | undefined => known.get(nameOf(damage));
  const counted = lines.flatMap(({ record, sha256 }, index) =>
    record === undefined || damaged.has(index + 1) ? [] : [{ sha256, record: contentOfLine(record) }],
  );
  return {
    records: counted.map(({ record }) => record),
    lines: counted.map(({ sha256 }) => sha256),
    digests: lines.map(({ sha256 }) => sha256),
    damages: found.filter((damage) => at(damage) === undefined),
    acknowledged: found.flatMap((damage) => {
      const line = at(damage);
      return line === undefined ? [] : [{ ...damage, at: line }];
    }),
    incompleteBytes,
  };
}

/**
 * Whether a log continues the one that once had this head: the record is there, and nothing up to it has been altered
 * since. Returns the number of its line, or why not.
 */
export function continuesHead({ digests, damages, acknowledged }: LogInspection, head: string): number | string {
  const line = digests.indexOf(head) + 1;
  if (line === 0) return 'no record of the log has this digest: it was altered or cut, or it is another log';
  const altered = damages.find((damage) => damage.line <= line);
  if (altered !== undefined) return `line ${altered.line}, which is part of it, was altered`;
  const since = acknowledged.find((damage) => damage.line <= line && damage.at > line);
  return since === undefined ? line : `line ${since.line}, which is part of it, was altered; line ${since.at} says so`;
}

/** The SHA-256 of each line that records this result, oldest first. */
export function linesRecording({ records, lines }: Pick<LogInspection, 'records' | 'lines'>, digest: string): string[] {
  return lines.filter((_, index) => {
    const record = records[index];
    return record?.kind === 'artifact' && record.spec.digest === digest;
  });
}

/**
 * The records of several logs as one list, oldest first by their own clocks; those of one log stay in its order. A single log
 * stays as it is.
 */
export function mergedInspection(logs: readonly LogInspection[]): Pick<LogInspection, 'records' | 'lines'> {
  const places = logs.map(() => 0);
  const records: LineageRecord[] = [];
  const lines: string[] = [];
  for (;;) {
    let earliest: { readonly log: number; readonly at: string } | undefined;
    for (const [log, { records: own }] of logs.entries()) {
      const record = own[places[log] ?? 0];
      if (record === undefined) continue;
      // Version 1 does not say when.
      const at = 'at' in record ? record.at : '';
      if (earliest === undefined || at < earliest.at) earliest = { log, at };
    }
    if (earliest === undefined) return { records, lines };
    const place = places[earliest.log] ?? 0;
    records.push(...(logs[earliest.log]?.records.slice(place, place + 1) ?? []));
    lines.push(...(logs[earliest.log]?.lines.slice(place, place + 1) ?? []));
    places[earliest.log] = place + 1;
  }
}

function lineOf(bytes: Buffer): Line {
  const parsed = parseRecord(bytes.toString('utf8'));
  const sha256 = sha256Of(bytes);
  return 'fault' in parsed ? { sha256, record: undefined, fault: parsed.fault } : { sha256, record: parsed, fault: '' };
}

/** The damaged lines, in order. */
function damagesOf(lines: readonly Line[], head: string | undefined, isCopy: boolean): LogDamage[] {
  const confirmed = new Set(lines.flatMap(({ record }) => (record?.kind === 'confirmation' ? record.spec.line : [])));
  const lost = lines.some(({ sha256 }) => sha256 === head) ? undefined : head;
  if (lines.length === 0) return lost === undefined ? [] : [{ line: 0, sha256: lost, problem: allLost }];
  const [first] = lines;
  const before = first === undefined ? [] : damageBefore(first);
  return [
    ...before,
    ...lines.flatMap((line, index) => {
      const { sha256, record } = line;
      const next = lines[index + 1];
      const isConfirmed = confirmed.has(sha256);
      const problem = problemOf(line, { index, next, lost, hasHead: isCopy || head !== undefined, isConfirmed });
      return problem === undefined
        ? []
        : [{ line: index + 1, sha256, problem, ...(record !== undefined && { record: contentOfLine(record) }) }];
    }),
  ];
}

function damageBefore({ record }: Line): LogDamage[] {
  if (record?.kind !== 'damage' || record.spec.problem !== 'lostEnd') return [];
  return [{ line: 0, sha256: record.spec.lost, problem: allLost }];
}

function problemOf(
  { sha256, record, fault }: Line,
  {
    index,
    next,
    lost,
    hasHead,
    isConfirmed,
  }: {
    readonly index: number;
    readonly next: Line | undefined;
    readonly lost: string | undefined;
    readonly hasHead: boolean;
    readonly isConfirmed: boolean;
  },
): string | undefined {
  if (record === undefined) return `it is damaged: ${fault}`;
  if (index === 0 && record.previous !== noPrevious) return 'records before it are missing';
  // Version 1 wrote no head.
  if (next === undefined && index > 0 && record.version > 1 && !hasHead) return headLost;
  if (next === undefined) return lost === undefined ? undefined : lastAltered;
  if (next.record === undefined) return 'it cannot be confirmed: the next line, which holds its SHA-256, is damaged';
  if (next.record.kind === 'damage' && next.record.spec.problem === 'lostEnd') return lastAltered;
  if (next.record.kind === 'damage' && next.record.spec.problem === 'lostHead') return headLost;
  if (next.record.previous === sha256 || isConfirmed) return undefined;
  return `the next line holds another SHA-256: it was altered, or lines after it are missing`;
}

const allLost = 'all records were lost';
/** A power cut may come between the very first record and its head. */
const headLost = 'the head beside the log, which would confirm it, is missing: records after it may be as well';
const lastAltered = 'it was altered, or records after it are missing: it is not the last one that was written';

const nameOf = ({ line, sha256 }: Pick<LogDamage, 'line' | 'sha256'>): string => `${line} ${sha256}`;

/** By damaged line, the line of the repair that names it. */
function acknowledgedLines(lines: readonly Line[]): Map<string, number> {
  const known = new Map<string, number>();
  lines.forEach(({ record }, index) => {
    if (record?.kind !== 'repair') return;
    for (const named of record.spec.lines) known.set(nameOf(named), index + 1);
  });
  return known;
}
