import { existsSync, linkSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

export interface VolatileDisk {
  /** What a call has changed in a folder, which lasts only once that folder has been flushed. */
  changed(folder: string, undo: () => void): void;
  flushedFolder(folder: string): void;
  /** From here on, bytes of the file last only once it has been flushed. */
  writing(path: string): void;
  flushedFile(path: string): void;
  moved(from: string, to: string): void;
  /** Another name for a file that is about to be replaced or removed. */
  keep(path: string): string | undefined;
  /** Power fails: each change that was not flushed survives where the next number is 0.5 or more. */
  cut(next: () => number): void;
}

/** Remembers what a file system may forget: POSIX promises only what was flushed, and no order among the rest. */
export function volatileDisk(scratch: string): VolatileDisk {
  let changes: { folder: string; undo: () => void }[] = [];
  const lengths = new Map<string, number>();
  let kept = 0;
  const quietly = (action: () => void): void => {
    try {
      action();
    } catch {
      // An earlier loss has removed what this one concerns.
    }
  };
  return {
    changed: (folder, undo) => changes.push({ folder, undo }),
    flushedFolder: (folder) => {
      changes = changes.filter((change) => change.folder !== folder);
    },
    writing: (path) => {
      if (!lengths.has(path)) lengths.set(path, existsSync(path) ? statSync(path).size : 0);
    },
    flushedFile: (path) => lengths.delete(path),
    moved: (from, to) => {
      const length = lengths.get(from);
      lengths.delete(from);
      lengths.delete(to);
      if (length !== undefined) lengths.set(to, length);
    },
    keep: (path) => {
      if (!existsSync(path) || !statSync(path).isFile()) return undefined;
      const name = join(scratch, `kept-${process.pid}-${kept++}`);
      linkSync(path, name);
      return name;
    },
    cut: (next) => {
      for (const [path, length] of lengths) {
        quietly(() => {
          truncateSync(path, length + Math.floor(next() * (statSync(path).size - length)));
        });
      }
      for (const { undo } of changes.reverse()) if (next() < 0.5) quietly(undo);
    },
  };
}

/** Of numbers from 0 to 1, the same for a seed (mulberry32). */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
