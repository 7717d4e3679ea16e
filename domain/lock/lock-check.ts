import { settingChanges, type SettingChange } from '../lineage/settings.js';
import { digestOfJson } from '../plan/key.js';
import type { Frozen, Lock, PrimaryOutcome } from './lock.js';

/** A sweep compared with its lock. */
export interface LockCheck {
  /** Of the lock's canonical JSON, which is the digest of the file as it was written. */
  readonly digest: string;
  readonly lockedAt: string;
  readonly primaryOutcome: PrimaryOutcome;
  /** What is not as it was locked, by its path, such as `settings.training.maxEpochs`. */
  readonly deviations: readonly SettingChange[];
  /** Data sets that were not there when the rest was locked. */
  readonly unlocked: readonly string[];
}

const planned = ['settings', 'arms', 'tests', 'primaryOutcome'] as const;
const found = ['data', 'splits', 'steps'] as const;

/**
 * How a sweep deviates from its lock. What only one of them has found, such as the folds of a data set that could not be
 * prepared, is no deviation: the report marks such gaps.
 */
export function checkLock(lock: Lock, now: Frozen): LockCheck {
  const partsOf = (side: Frozen): object => ({
    ...Object.fromEntries(planned.map((part) => [part, side[part]])),
    ...Object.fromEntries(found.map((part) => [part, inBoth(side[part], lock[part], now[part])])),
  });
  return {
    digest: digestOfJson(lock),
    lockedAt: lock.lockedAt,
    primaryOutcome: lock.primaryOutcome,
    deviations: settingChanges(partsOf(lock), partsOf(now)),
    unlocked: Object.entries(lock.data).flatMap(([name, data]) => (data === null ? [name] : [])),
  };
}

type Entries = Readonly<Record<string, unknown>>;

function inBoth(entries: Entries, ...sides: readonly Entries[]): Entries {
  const isKnown = (name: string): boolean => sides.every((side) => (side[name] ?? null) !== null);
  return Object.fromEntries(Object.entries(entries).filter(([name]) => isKnown(name)));
}
