import { closeSync, ftruncateSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { hasErrorCode } from '../files/file-errors.js';
import type { DataFolder } from './data-folder.js';

/** Whose logs: a unit that is computed in a process of its own. */
export interface LoggedUnit {
  readonly step: string;
  readonly key: string;
}

export interface UnitLog {
  /** From 1. */
  readonly attempt: number;
  readonly path: string;
}

/** The log of a running attempt. */
export interface OpenUnitLog extends UnitLog {
  readonly write: (text: string | Uint8Array) => void;
  readonly close: () => void;
}

/** The latest attempts of a unit whose logs are kept. */
const attemptsKept = 5;
/** The size at which a log loses what it has so far: its end says why a process has died. */
const mostBytes = 4 << 20;

const keyDigits = 16;

/** The beginning of the names of a unit's logs: its step and the first digits of its key. */
const stemOf = ({ step, key }: LoggedUnit): string => `${step}-${key.slice(0, keyDigits)}`;

/** The name of the file that shows the learning curve of a training beside its logs. */
export const curveNameOf = (key: string): string => `${stemOf({ step: 'train', key })}.csv`;

const curveName = new RegExp(`^train-([0-9a-f]{${keyDigits}})\\.csv$`);

const logName = new RegExp(`^(.+-([0-9a-f]{${keyDigits}}))\\.([1-9]\\d*)\\.log$`);

/** Of the names of logs and learning curves, those of units whose keys are not among these. */
export function logsOfOtherUnits(names: readonly string[], keys: ReadonlySet<string>): string[] {
  const beginnings = new Set([...keys].map((key) => key.slice(0, keyDigits)));
  return names.filter((name) => {
    const digits = logName.exec(name)?.[2] ?? curveName.exec(name)?.[1];
    return digits !== undefined && !beginnings.has(digits);
  });
}

/** The kept logs of a unit, the oldest first. */
export function unitLogs({ logs }: DataFolder, unit: LoggedUnit): UnitLog[] {
  const stem = stemOf(unit);
  return namesIn(logs)
    .flatMap((name) => {
      const [, of, , attempt] = logName.exec(name) ?? [];
      return of === stem ? [{ attempt: Number(attempt), path: join(logs, name) }] : [];
    })
    .sort((a, b) => a.attempt - b.attempt);
}

/** Opens the log of a unit's next attempt, and removes those that are too old. */
export function beginUnitLog(folder: DataFolder, unit: LoggedUnit): OpenUnitLog {
  mkdirSync(folder.logs, { recursive: true });
  const before = unitLogs(folder, unit);
  for (const { path } of before.slice(0, Math.max(0, before.length + 1 - attemptsKept))) rmSync(path, { force: true });
  for (let attempt = (before.at(-1)?.attempt ?? 0) + 1; ; attempt++) {
    const path = join(folder.logs, `${stemOf(unit)}.${attempt}.log`);
    try {
      return { attempt, path, ...writerOf(openSync(path, 'ax')) };
    } catch (error) {
      // Another worker has begun an attempt at the same moment.
      if (!hasErrorCode(error, 'EEXIST')) throw error;
    }
  }
}

function writerOf(descriptor: number): Pick<OpenUnitLog, 'write' | 'close'> {
  let bytes = 0;
  return {
    write: (text) => {
      try {
        if (bytes > mostBytes) {
          ftruncateSync(descriptor);
          bytes = writeSync(descriptor, `what was here before, ${bytes} bytes, was dropped\n`);
        }
        bytes += writeSync(descriptor, Buffer.from(text));
      } catch {
        // The log may lie on a full disk.
      }
    },
    close: () => {
      closeSync(descriptor);
    },
  };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return [];
    throw error;
  }
}
