import { createHash } from 'node:crypto';
import { open, readFile, type FileHandle } from 'node:fs/promises';

import { DomainError } from '../../domain/domain-error.js';
import { canonicalJson } from '../../domain/plan/key.js';
import { waitForLock } from '../files/file-lock.js';
import { hasErrorCode } from '../files/file-errors.js';

/** One line of the log. `previous` is the SHA-256 of the line before, so every alteration of a line is detected. */
export interface LineageRecord {
  readonly version: 1;
  readonly kind: string;
  readonly spec: unknown;
  readonly previous: string;
}

const noPrevious = '0'.repeat(64);
const newline = 10;
const tailBytes = 1 << 16;

/** An append takes milliseconds; only a suspended process or a stalled disk takes longer. */
const longestWaitSeconds = 180;

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
 * The append-only, hash-chained record of all results. A lock beside the file serialises appends of several processes.
 * A line truncated by a crash is removed before the next append; complete lines are never changed.
 */
export class LineageLog {
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly path: string) {}

  append(kind: string, spec: unknown): Promise<void> {
    const next = this.turn.then(() => this.appendNow(kind, spec));
    this.turn = next.catch(() => undefined);
    return next;
  }

  /** All records, oldest first. Throws STORE_CORRUPT if the chain of hashes is broken. */
  async read(): Promise<LineageRecord[]> {
    const lines = await this.completeLines();
    let previous = noPrevious;
    return lines.map((line, index) => {
      const record = parseRecord(line);
      if (record?.previous !== previous) {
        throw new DomainError(
          'STORE_CORRUPT',
          `${this.path}, line ${String(index + 1)}: the chain of hashes is broken, so the log was damaged or edited ` +
            'there; results are not affected. To go on without the history that it records, move the file away',
        );
      }
      previous = hashOfLine(line);
      return record;
    });
  }

  private async appendNow(kind: string, spec: unknown): Promise<void> {
    const release = await waitForLock(`${this.path}.flock`, longestWaitSeconds);
    try {
      const file = await open(this.path, 'a+');
      try {
        const { previous, bytes, torn } = await endOf(file);
        if (torn) await file.truncate(bytes);
        await file.appendFile(`${canonicalJson({ version: 1, kind, spec, previous })}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
    } finally {
      await release();
    }
  }

  private async completeLines(): Promise<string[]> {
    const content = await readFile(this.path, 'utf8').catch((error: unknown) => {
      if (hasErrorCode(error, 'ENOENT')) return '';
      throw error;
    });
    // Without what follows the last newline: nothing, or a line truncated by a crash.
    return content.split('\n').slice(0, -1);
  }
}

/** The hash and end of the last complete line. Read from the end, so that the length of the log does not matter. */
async function endOf(file: FileHandle): Promise<{ previous: string; bytes: number; torn: boolean }> {
  const { size } = await file.stat();
  for (let length = Math.min(size, tailBytes); ; length = Math.min(size, 2 * length)) {
    const tail = Buffer.alloc(length);
    await file.read(tail, 0, length, size - length);
    const end = tail.lastIndexOf(newline);
    const before = end < 1 ? -1 : tail.lastIndexOf(newline, end - 1);
    // If the newline before it is not in this part, the last line may begin earlier.
    if (before < 0 && length < size) continue;
    const previous = end < 0 ? noPrevious : hashOfLine(tail.toString('utf8', before + 1, end));
    return { previous, bytes: size - length + end + 1, torn: end !== length - 1 };
  }
}
