import { open, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { DomainError } from '../../domain/domain-error.js';
import { canonicalJson } from '../../domain/plan/key.js';
import { writeFileAtomically } from '../files/atomic-file.js';
import { writeError } from '../files/file-errors.js';
import { waitForLock } from '../files/file-lock.js';
import { readSoftware } from '../machine/software.js';
import { continuesHead, inspectLog, mergedInspection, type LogDamage, type LogInspection } from './log-inspection.js';
import { parseRecord, type LineageRecord, type RecordKind, type RecordSpec } from './lineage-records.js';
import { endOf, readAt, readHead, sha256Of, writeHead, type LinesEnd } from './log-lines.js';

const newline = 10;
const noBytes = Buffer.alloc(0);

type PlacedDamage = LogDamage & { readonly path: string };

/** An append takes milliseconds, so whoever holds the lock for longer is suspended. */
const longestWaitSeconds = 30;

/**
 * The append-only, hash-chained record of everything that happened. Complete lines are never changed.
 *
 * A lock beside the file makes processes append in turn. The chain does not depend on it: after each append the end of
 * the file is read again, and a line of another process that has come in between is confirmed. So an append goes ahead
 * without the lock where its holder is suspended, and a holder that was thought dead breaks nothing.
 */
export class LineageLog {
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    readonly path: string,
    private readonly lock = () => waitForLock(`${path}.flock`, longestWaitSeconds),
  ) {}

  append<K extends RecordKind>(kind: K, spec: RecordSpec<K>): Promise<void> {
    return this.appendAll(kind, [spec]);
  }

  /** Appends several records of a kind at once. */
  appendAll<K extends RecordKind>(kind: K, specs: readonly RecordSpec<K>[]): Promise<void> {
    const next = this.turn.then(() => this.appendNow(kind, specs));
    this.turn = next.catch(() => undefined);
    return next;
  }

  /** All records, oldest first. Throws STORE_CORRUPT, naming the line, unless the chain confirms every one of them. */
  async read(): Promise<readonly LineageRecord[]> {
    const { records, damages } = await this.inspect();
    const [first] = damages;
    if (first === undefined) return records;
    const more = damages.length > 1 ? ` (${damages.length - 1} more)` : '';
    throw new DomainError(
      'STORE_CORRUPT',
      `${wordsOf(first.path, first)}${more}. Results are not affected, but their origin is no longer proven. ` +
        'To see what depends on it: volbias verify. To go on: volbias verify --repair, then run the sweep again',
    );
  }

  /** Follows the chain through the whole log, and through those that share its store. */
  async inspect(): Promise<Pick<LogInspection, 'records' | 'lines'> & { readonly damages: readonly PlacedDamage[] }> {
    const logs: { readonly path: string; readonly log: LogInspection }[] = [];
    for (const path of await this.paths())
      logs.push({ path, log: await inspectLog(path, { isCopy: path !== this.path }) });
    return {
      ...mergedInspection(logs.map(({ log }) => log)),
      damages: logs.flatMap(({ path, log }) => log.damages.map((damage) => ({ ...damage, path }))),
    };
  }

  /** The SHA-256 of the last record, which stands for the whole log; undefined before the first. */
  head(): Promise<string | undefined> {
    return readHead(this.path);
  }

  /**
   * Whether this log, and all that share its store, continue those that once had this head, as `continuesHead` says: the number
   * of their lines then, or why not.
   */
  async continues(head: string): Promise<number | string> {
    return continuesHead(await inspectLog(this.path), head);
  }

  /** The files of this log and of those that share its store. */
  protected paths(): Promise<readonly string[]> {
    return Promise.resolve([this.path]);
  }

  private async appendNow<K extends RecordKind>(kind: K, specs: readonly RecordSpec<K>[]): Promise<void> {
    const release = await this.lock().catch(() => undefined);
    try {
      const file = await open(this.path, 'a+');
      try {
        let end = await this.soundEnd(file, release !== undefined);
        for (const spec of specs) end = await chain(file, end, kind, spec);
        await file.sync();
        await writeHead(this.path, end.sha256);
      } finally {
        await file.close();
      }
    } catch (error) {
      throw writeError(this.path, error);
    } finally {
      await release?.();
    }
  }

  /** The end of the log, once what is wrong with it has been put aside and recorded. */
  private async soundEnd(file: FileHandle, locked: boolean): Promise<LinesEnd> {
    let end = await endOf(file);
    const { incomplete } = end;
    if (incomplete.length > 0) {
      // Without the lock it may be a line that another process is writing.
      if (!locked)
        throw new Error(`${this.path} ends with an incomplete line, and its lock cannot be taken; try again`);
      await writeFileAtomically(this.quarantined(incomplete), incomplete);
      await file.truncate(end.bytes);
    }
    const head = await readHead(this.path);
    const isLost = head !== undefined && head !== end.sha256 && !(await inspectLog(this.path)).digests.includes(head);
    if (isLost) end = await chain(file, end, 'damage', { problem: 'lostEnd', lost: head });
    if (head === undefined && (await isUnconfirmed(this.path)))
      end = await chain(file, end, 'damage', { problem: 'lostHead' });
    if (incomplete.length === 0) return end;
    const facts = {
      bytes: incomplete.length,
      sha256: sha256Of(incomplete),
      file: basename(this.quarantined(incomplete)),
    };
    return chain(file, end, 'damage', { problem: 'incompleteLine', ...facts });
  }

  private quarantined(bytes: Uint8Array): string {
    return join(dirname(this.path), 'quarantine', `${basename(this.path)}.${sha256Of(bytes).slice(0, 12)}`);
  }
}

/** Whether nothing confirms the last line of a log without a head. */
async function isUnconfirmed(path: string): Promise<boolean> {
  const { damages, digests } = await inspectLog(path);
  return damages.some(({ line }) => line === digests.length && line > 1);
}

/** Damage in words that begin with its place. */
function wordsOf(path: string, { line, problem }: LogDamage): string {
  return line === 0 ? `${path}: ${problem}` : `${path}, line ${line}: ${problem}`;
}

/** How often a line that has vanished is written again before the file system is given up. */
const mostTries = 20;

const firstPauseMs = 20;

/**
 * Appends a record that names the line at `end`, and returns the new end. If a line of another process has come in
 * between, no record names that one, so another record confirms it. This waits for ever longer, random times: processes
 * that keep coming in between each other would otherwise never end confirming.
 */
async function chain<K extends RecordKind>(
  file: FileHandle,
  end: LinesEnd,
  kind: K,
  spec: RecordSpec<K>,
  pauseMs = firstPauseMs,
): Promise<LinesEnd> {
  const written = { version: 2, at: new Date().toISOString(), software: await readSoftware(), kind, spec };
  for (let { bytes: start, sha256: previous } = end, tries = 0; tries < mostTries; tries++) {
    const line = canonicalJson({ ...written, previous });
    const record = parseRecord(line);
    if ('fault' in record) throw new TypeError(`a record of the kind ${kind} is not as declared: ${record.fault}`);
    const bytes = Buffer.from(`${line}\n`);
    await file.appendFile(bytes);
    const since = await readAt(file, start, (await file.stat()).size - start);
    const at = since.indexOf(bytes);
    if (at === 0) return { bytes: start + bytes.length, sha256: sha256Of(bytes.subarray(0, -1)), incomplete: noBytes };
    if (at > 0 && since[at - 1] === newline) {
      const between = since.subarray(0, at - 1);
      const lineBefore = sha256Of(between.subarray(between.lastIndexOf(newline) + 1));
      await pause(pauseMs * (0.5 + Math.random()));
      return chain(file, await endOf(file), 'confirmation', { line: lineBefore }, 2 * pauseMs);
    }
    ({ bytes: start, sha256: previous } = await endOf(file));
  }
  throw new Error('the lineage log does not keep what is appended to it');
}
