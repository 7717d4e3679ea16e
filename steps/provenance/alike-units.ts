import type { MeasuredUnit } from '../../domain/plan/time-left.js';
import { canonicalJson } from '../../domain/plan/key.js';
import { isLong, parseUnitName } from '../../domain/plan/unit-name.js';
import { lossName } from '../../domain/training/losses/loss-choice.js';
import type { LineageRecord } from '../../storage/store/lineage-records.js';
import type { SweepContent } from '../../storage/sweeps/sweep-content.js';
import { pipeline } from '../pipeline.js';
import { datedWorks } from './recorded.js';

/**
 * How long trainings and evaluations took that a log records, each as it was computed last: of those that the sweep has too, with
 * the same settings but for the seed. Others, with fewer epochs for instance, tell nothing of what this sweep takes.
 */
export function alikeUnits(records: readonly LineageRecord[], content: SweepContent): MeasuredUnit[] {
  const settings = new Map<string, string | undefined>();
  const last = new Map<string, number>();
  for (const { unit, parameters, resources } of datedWorks(records)) {
    if (resources?.seconds === undefined || !isLong(unit)) continue;
    if (!settings.has(unit)) settings.set(unit, settingsText(unit, content));
    if (settings.get(unit) === withoutSeed(parameters)) last.set(unit, resources.seconds);
  }
  return [...last].map(([unit, seconds]) => ({ unit, seconds }));
}

/** Undefined for units that the sweep does not have. */
function settingsText(unit: string, content: SweepContent): string | undefined {
  const { step: name, coordinates } = parseUnitName(unit) ?? {};
  const step = pipeline.find((one) => one.name === name);
  const { dataSets, arms } = content.config;
  const { dataSet, model, loss } = coordinates ?? {};
  const isOwn =
    dataSets.some((one) => one.name === dataSet) &&
    arms.models.some((one) => one === model) &&
    arms.losses.some((one) => lossName(one) === loss);
  return step === undefined || coordinates === undefined || !isOwn
    ? undefined
    : withoutSeed(step.settingsAt(content, coordinates));
}

function withoutSeed(settings: unknown): string {
  return canonicalJson(typeof settings === 'object' ? { ...settings, seed: 0 } : settings);
}
