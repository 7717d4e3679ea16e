import { canonicalJson } from '../plan/key.js';

/** One setting of nested ones, under its path, such as `training.stop.patienceEpochs`. */
export interface Setting {
  readonly name: string;
  readonly value: unknown;
}

/** A setting with two values; undefined where it is not set. */
export interface SettingChange {
  readonly name: string;
  readonly before: unknown;
  readonly now: unknown;
}

/** The settings, without nesting, by name. Lists of plain values stay whole; others are taken apart by their index. */
export function settingsOf(parameters: unknown): Setting[] {
  return flat(parameters, '').sort((a, b) => (a.name < b.name ? -1 : 1));
}

function flat(value: unknown, path: string): Setting[] {
  const entries = isNested(value) ? Object.entries(value) : [];
  if (entries.length === 0) return path === '' ? [] : [{ name: path, value }];
  return entries.flatMap(([name, item]) => flat(item, path === '' ? name : `${path}.${name}`));
}

function isNested(value: unknown): value is object {
  if (Array.isArray(value)) return value.some(isNested);
  return typeof value === 'object' && value !== null;
}

/** The settings that differ, by name. */
export function settingChanges(before: unknown, now: unknown): SettingChange[] {
  const [old, own] = [before, now].map(
    (parameters) => new Map(settingsOf(parameters).map((one) => [one.name, one.value])),
  );
  const names = [...new Set([...(old?.keys() ?? []), ...(own?.keys() ?? [])])].sort();
  const changes = names.map((name) => ({ name, before: old?.get(name), now: own?.get(name) }));
  return changes.filter((change) => textOf(change.before) !== textOf(change.now));
}

function textOf(value: unknown): string {
  return value === undefined ? '' : canonicalJson(value);
}
