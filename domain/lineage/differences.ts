import { canonicalJson } from '../plan/key.js';
import type { DescribedWork } from './planned-work.js';
import { settingChanges } from './settings.js';

/** A part of a key that differs, with both values; undefined where there is none. */
export interface Difference {
  readonly component: string;
  readonly before: unknown;
  readonly now: unknown;
}

/** The component of a key that lists the units without results. */
export const missingInputs = 'missing inputs';

/** The same work, whose result the store no longer has. */
export const lost: Difference = { component: 'result', before: 'recorded', now: 'not in the store' };

/** The report's settings that follow from the others. */
const derivedSettings = ['sweepId', 'specification'];

/** The parts of a key other than its inputs that differ: version, settings, missing inputs. */
export function ownDifferences(before: DescribedWork, now: DescribedWork): Difference[] {
  const settings = settingChanges(before.parameters, now.parameters)
    .filter(({ name }) => !derivedSettings.includes(name))
    .map(({ name, ...values }) => ({ component: name, ...values }));
  const version = { component: 'version of the step', before: before.version, now: now.version };
  const [missingBefore, missingNow] = [before, now].map(({ gaps = [] }) => gaps.map(({ unit }) => unit));
  const gaps = { component: missingInputs, before: missingBefore, now: missingNow };
  return [
    ...(version.before === version.now ? [] : [version]),
    ...settings,
    ...(canonicalJson(gaps.before) === canonicalJson(gaps.now) ? [] : [gaps]),
  ];
}

/** Inputs whose bytes differ, or are not known yet. */
export function inputDifferences(before: DescribedWork, now: DescribedWork): Difference[] {
  const [old, own] = [before, now].map(({ inputs }) => new Map(inputs.map(({ unit, digest }) => [unit, digest])));
  const units = [...new Set([...(old?.keys() ?? []), ...(own?.keys() ?? [])])];
  return units
    .map((unit) => ({ component: unit, before: old?.get(unit), now: own?.get(unit) }))
    .filter((one) => one.before !== one.now);
}
