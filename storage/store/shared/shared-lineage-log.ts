import { randomBytes } from 'node:crypto';
import { type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';

import { z } from 'zod';

import { digestPattern } from '../../../contracts/patterns.js';
import { DomainError } from '../../../domain/domain-error.js';
import { canonicalJson, digestOfJson } from '../../../domain/plan/key.js';
import { writeFileAtomically, writeFileOnce } from '../../files/atomic-file.js';
import { hasErrorCode } from '../../files/file-errors.js';
import { jsonOf, parsed } from '../../files/parsed.js';
import type { DataFolder } from '../data-folder.js';
import { LineageLog } from '../lineage-log.js';
import type { RecordKind, RecordSpec } from '../lineage-records.js';
import { continuesHead, inspectLog } from '../log-inspection.js';
import { endOf, linesOf, readAt, sha256Of } from '../log-lines.js';
import { fetchOtherLogs, segmentName } from './log-segments.js';
import type { RemoteObjects } from './remote-objects.js';
import { openStoredFile, readStoredText } from '../../files/stored-file.js';

const newline = 10;
const lineEnd = Buffer.of(newline);
const tailBytes = 1 << 16;

/** So many lines are uploaded once more in one piece, so that who reads a long log asks for few objects. */
const blockLines = [100, 10_000] as const;

/** How much of the log the store has. */
const sharedPart = z.strictObject({
  log: z.string(),
  lines: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  /** Of the last of these lines. */
  sha256: z.string().regex(digestPattern),
});

/** The end of each log of the store. */
const logHeads = z.array(
  z.strictObject({ log: z.string(), lines: z.int().positive(), head: z.string().regex(digestPattern) }),
);

type LogHead = Readonly<z.infer<typeof logHeads>[number]>;

type SharedPart = Readonly<z.infer<typeof sharedPart>>;

/** These travel with the result that follows them: a training does not wait for the store, nor fail with it. */
const patientKinds: readonly RecordKind[] = ['artifact', 'resumption'];

/**
 * The log of a data folder that shares a store with others. Each folder appends to its own log, and the store gets the new
 * lines as an object that is never changed, so that no lock crosses machines. Reading joins all logs of the store.
 */
export class SharedLineageLog extends LineageLog {
  private publishing: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly folder: DataFolder,
    private readonly remote: RemoteObjects,
  ) {
    super(folder.lineageLog);
  }

  override async appendAll<K extends RecordKind>(kind: K, specs: readonly RecordSpec<K>[]): Promise<void> {
    await super.appendAll(kind, specs);
    if (!patientKinds.includes(kind)) await this.publish();
  }

  /** Gives the store the lines that it does not have yet. */
  publish(): Promise<void> {
    const next = this.publishing.then(() => this.publishNow());
    this.publishing = next.catch(() => undefined);
    return next;
  }

  /**
   * Stands for all logs of the store: the SHA-256 of the object heads/DIGEST.json, canonical JSON that lists each log with its
   * number of lines and the SHA-256 of its last, sorted by id. Undefined before the first line of any.
   */
  override async head(): Promise<string | undefined> {
    await this.publish();
    const heads: LogHead[] = [];
    for (const [log, path] of await this.pathsById()) {
      const { digests } = await inspectLog(path, { isCopy: path !== this.path });
      const head = digests.at(-1);
      if (head !== undefined) heads.push({ log, lines: digests.length, head });
    }
    if (heads.length === 0) return undefined;
    heads.sort((a, b) => (a.log < b.log ? -1 : 1));
    const digest = digestOfJson(heads);
    await this.remote.putIf(undefined, `heads/${digest}.json`, Buffer.from(canonicalJson(heads)));
    return digest;
  }

  override async continues(head: string): Promise<number | string> {
    const name = `heads/${head}.json`;
    const found = await this.remote.get(name);
    if (found === undefined) return `the store ${this.remote.address} has no ${name}, which lists the logs that had it`;
    if (sha256Of(found.bytes) !== head) return `${name} of the store ${this.remote.address} was altered`;
    const paths = await this.pathsById();
    let lines = 0;
    for (const then of parsed(logHeads, found.bytes, name)) {
      const path = paths.get(then.log);
      const line =
        path === undefined
          ? 'it is not in the store'
          : continuesHead(await inspectLog(path, { isCopy: path !== this.path }), then.head);
      if (typeof line === 'string') return `the log ${then.log}: ${line}`;
      if (line !== then.lines)
        return `the log ${then.log}: it had ${then.lines} records then, and has ${line} up to there now`;
      lines += line;
    }
    return lines;
  }

  protected override async paths(): Promise<readonly string[]> {
    return [this.path, ...(await fetchOtherLogs(this.folder, this.remote, (await this.ownId()) ?? ''))];
  }

  /** The file of each log of the store, by its id. */
  private async pathsById(): Promise<ReadonlyMap<string, string>> {
    const own = await this.ownId();
    const paths = (await this.paths()).map((path): [string | undefined, string] => {
      return path === this.path ? [own, path] : [basename(path, '.jsonl'), path];
    });
    return new Map(paths.flatMap(([log, path]) => (log === undefined ? [] : [[log, path] as const])));
  }

  private async publishNow(): Promise<void> {
    const log = await this.ownId();
    if (log === undefined) return;
    const file = await openStoredFile(this.path);
    try {
      const known = await this.knownPart(file, log);
      const end = await endOf(file);
      const bytes = await readAt(file, known.bytes, end.bytes - known.bytes);
      if (bytes.length === 0) return;
      let lines = known.lines;
      for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) lines++;
      await this.upload(segmentName(log, known.lines + 1, lines), bytes);
      for (const size of blockLines) {
        const last = Math.floor(lines / size) * size;
        if (last <= known.lines) continue;
        await this.upload(segmentName(log, last - size + 1, last), await this.linesBetween(last - size + 1, last));
      }
      const part: SharedPart = { log, lines, bytes: end.bytes, sha256: end.sha256 };
      await writeFileAtomically(this.partPath, `${canonicalJson(part)}\n`);
    } finally {
      await file.close();
    }
  }

  private async linesBetween(first: number, last: number): Promise<Uint8Array> {
    const found: Uint8Array[] = [];
    let line = 0;
    for await (const { bytes } of linesOf(this.path)) {
      line++;
      if (line >= first) found.push(bytes, lineEnd);
      if (line === last) break;
    }
    return Buffer.concat(found);
  }

  private async upload(name: string, bytes: Uint8Array): Promise<void> {
    if (await this.remote.putIf(undefined, name, bytes)) return;
    // Another process of this folder has uploaded the same lines.
    const there = await this.remote.get(name);
    if (there !== undefined && sha256Of(there.bytes) === sha256Of(bytes)) return;
    const message = `${name} of the store ${this.remote.address} has other lines than this folder's log`;
    throw new DomainError('STORE_CORRUPT', `${message}; to see what is wrong here: volbias verify`);
  }

  /** What the store has by the note beside the log, if that note is of this log; else nothing, which repeats what it has. */
  private async knownPart(file: FileHandle, log: string): Promise<SharedPart> {
    const nothing = { log, lines: 0, bytes: 0, sha256: '' };
    const text = await readStoredText(this.partPath).catch(() => '');
    const { data } = sharedPart.safeParse(jsonOf(text));
    if (data?.log !== log || data.bytes > (await file.stat()).size) return nothing;
    return data.sha256 === (await lineBefore(file, data.bytes)) ? data : nothing;
  }

  private get partPath(): string {
    return `${this.path}.shared`;
  }

  /** Undefined before the first line. */
  private async ownId(): Promise<string | undefined> {
    let first: string | undefined;
    for await (const { bytes, complete } of linesOf(this.path)) {
      if (complete) first = sha256Of(bytes);
      break;
    }
    if (first === undefined) return undefined;
    const path = `${this.path}.id`;
    const present = await readStoredText(path).catch((error: unknown) => {
      if (hasErrorCode(error, 'ENOENT')) return undefined;
      throw error;
    });
    const text = present ?? (await writeFileOnce(path, `${randomBytes(8).toString('hex')}\n`));
    if (!/^[0-9a-f]{16}\n$/.test(text)) throw new DomainError('STORE_CORRUPT', `${path} is damaged; delete it`);
    return `${text.trim()}-${first.slice(0, 16)}`;
  }
}

/** The SHA-256 of the line that ends at a place of a file; undefined if none ends there. */
async function lineBefore(file: FileHandle, end: number): Promise<string | undefined> {
  for (let length = Math.min(end, tailBytes); length > 0; length = Math.min(end, 2 * length)) {
    const tail = await readAt(file, end - length, length);
    if (tail.at(-1) !== newline) return undefined;
    const before = tail.subarray(0, -1).lastIndexOf(newline);
    if (before >= 0 || length === end) return sha256Of(tail.subarray(before + 1, -1));
  }
  return undefined;
}
