import { configSchema, type Config } from '../../../configs/config-schema.js';
import { digestOfJson } from '../../../domain/plan/key.js';
import { SweepState, type ReadyUnit } from '../../../domain/plan/sweep-state.js';
import { planUnits } from '../../../domain/plan/units.js';
import { specificationOf } from '../../../steps/pipeline.js';
import type { SweepContent } from '../../../storage/sweeps/sweep-content.js';
import { tinyConfig } from './tiny-config.js';

export function parsedTinyConfig(changes: Parameters<typeof tinyConfig>[0] = {}): Config {
  return configSchema.parse(tinyConfig(changes));
}

export function contentOf(config: Config, importedFolds: SweepContent['importedFolds'] = null): SweepContent {
  return { config, importedFolds, environment: null };
}

/** A state of a sweep of the config, with every unit waiting. */
export function stateOf(config: Config, shards = 2, importedFolds: SweepContent['importedFolds'] = null): SweepState {
  const specification = specificationOf(contentOf(config, importedFolds));
  const state = new SweepState(specification.steps, specification.parameters);
  const dataSets = specification.dataSets.map((name) => ({ name, shards }));
  state.add(planUnits(specification.steps, { ...specification, dataSets }));
  return state;
}

/** What a unit makes: other bytes for every key, as if each setting had an effect. `files` is what a scan finds. */
export function complete(state: SweepState, { unit, key }: ReadyUnit, files?: string): void {
  const made = unit.step === 'scan' && files !== undefined ? { files } : { made: key };
  state.complete(unit.id, { step: unit.step, key, digest: digestOfJson(made) }, 'done');
}

/** Every unit's key once all are done. */
export function finalKeys(
  config: Config,
  files?: string,
  importedFolds: SweepContent['importedFolds'] = null,
): Map<string, string> {
  const state = stateOf(config, 2, importedFolds);
  const keys = new Map<string, string>();
  for (let ready = state.takeReady(); ready.length > 0; ready = state.takeReady()) {
    for (const unit of ready) {
      keys.set(unit.unit.id, unit.key);
      complete(state, unit, files);
    }
  }
  return keys;
}

/** The units that have other keys. */
export function changedUnits(before: Map<string, string>, after: Map<string, string>): string[] {
  return [...after].filter(([id, key]) => before.get(id) !== key).map(([id]) => id);
}
