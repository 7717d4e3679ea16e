import { closeSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { DataFolder } from '../store/data-folder.js';
import { sweepFolder } from './sweep-records.js';
import { openToAppend } from '../files/stored-file.js';

/** Where a run in the background writes what it would print. */
export function runLogOf(folder: DataFolder, id: string): string {
  return join(sweepFolder(folder, id), 'run.log');
}

/** Its path; undefined if the sweep has never run in the background. */
export function knownRunLog(folder: DataFolder, id: string): string | undefined {
  const path = runLogOf(folder, id);
  return existsSync(path) ? path : undefined;
}

/** Hands the open log over, for a process that inherits it. */
export function withRunLog<T>(folder: DataFolder, id: string, use: (descriptor: number) => T): T {
  mkdirSync(sweepFolder(folder, id), { recursive: true });
  const descriptor = openToAppend(runLogOf(folder, id));
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
