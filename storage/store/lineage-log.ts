import { createHash } from 'node:crypto';
import { mkdir, open, readFile, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';

import lockfile from 'proper-lockfile';

import { DomainError } from '../../domain/domain-error.js';
import { canonicalJson } from '../../domain/plan/key.js';
import { hasErrorCode } from '../files/file-errors.js';

/** One line of the log. `previous` is the SHA-256 of the line before, so no line can be altered unseen. */
export interface LineageRecord {
  readonly version: 1;
  readonly kind: string;
  readonly spec: unknown;
  readonly previous: string;
}

const noPrevious = '0'.repeat(64);
const newline = 10;
const tailBytes = 1 << 16;

function parseRecord(line: string): LineageRecord | undefined {
  try {
    return (JSON.parse(line) ?? undefined) as LineageRecord | undefined;
  } catch {
    return undefined;
  }
}

function hashOfLine(line: string): string {
  return createHash('sha256').update(line).digest('hex');
}

/**
 * The append-only, hash-chained record of all that was made. Appends of several processes are taken in turn by a lock
 * beside the file. A line torn by a crash is dropped before the next append; a complete line is never touched.
 */
export class LineageLog {
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly path: string) {}

  append(kind: string, spec: unknown): Promise<void> {
    const next = this.turn.then(() => this.appendNow(kind, spec));
    this.turn = next.catch(() => undefined);
    return next;
  }

  /** All records, oldest first. Throws STORE_CORRUPT where the chain of hashes is broken. */
  async read(): Promise<LineageRecord[]> {
    const { lines } = await this.completeLines();
    let previous = noPrevious;
    return lines.map((line, index) => {
      const record = parseRecord(line);
      if (record?.previous !== previous) {
        throw new DomainError(
          'STORE_CORRUPT',
          `${this.path}, line ${String(index + 1)}: the chain of hashes is broken`,
        );
      }
      previous = hashOfLine(line);
      return record;
    });
  }

  private async appendNow(kind: string, spec: unknown): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    await (await open(this.path, 'a')).close();
    const release = await lockfile.lock(this.path, { retries: { retries: 60, minTimeout: 20, maxTimeout: 500 } });
    try {
      const { previous, bytes, torn } = await this.end();
      if (torn) await truncate(this.path, bytes);
      const record = { version: 1, kind, spec, previous };
      const file = await open(this.path, 'a');
      try {
        await file.writeFile(`${canonicalJson(record)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
    } finally {
      await release();
    }
  }

  private async completeLines(): Promise<{ lines: string[] }> {
    const content = await readFile(this.path, 'utf8').catch((error: unknown) => {
      if (hasErrorCode(error, 'ENOENT')) return '';
      throw error;
    });
    return {
      lines: content
        .slice(0, content.lastIndexOf('\n') + 1)
        .split('\n')
        .slice(0, -1),
    };
  }

  /** The hash of the last complete line and where it ends, read from the end so that a long log costs no more. */
  private async end(): Promise<{ previous: string; bytes: number; torn: boolean }> {
    const file = await open(this.path, 'r');
    try {
      const { size } = await file.stat();
      for (let length = Math.min(size, tailBytes); ; length = Math.min(size, 2 * length)) {
        const tail = Buffer.alloc(length);
        await file.read(tail, 0, length, size - length);
        const end = tail.lastIndexOf(newline);
        const before = end < 1 ? -1 : tail.lastIndexOf(newline, end - 1);
        // Without the newline before it, the last line may begin further up.
        if (before < 0 && length < size) continue;
        const previous = end < 0 ? noPrevious : hashOfLine(tail.toString('utf8', before + 1, end));
        return { previous, bytes: size - length + end + 1, torn: end !== length - 1 };
      }
    } finally {
      await file.close();
    }
  }
}
