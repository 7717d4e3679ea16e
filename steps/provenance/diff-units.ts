import { DomainError } from '../../domain/domain-error.js';
import { inputDifferences, ownDifferences } from '../../domain/lineage/differences.js';
import { settingChanges } from '../../domain/lineage/settings.js';
import type { UnitDifference } from '../../domain/lineage/sweep-difference.js';
import { parseUnitName } from '../../domain/plan/unit-name.js';
import { unitId } from '../../domain/plan/units.js';
import type { ArtifactStore } from '../../storage/store/artifact-store.js';
import { train } from '../train.js';
import { provenanceOf, type ProvenanceSources } from './provenance-of.js';
import type { DatedWork } from './recorded.js';

/**
 * How a unit's work and result differ between two sweeps. The unit is named by its id, or a training in short.
 * ARGUMENT_INVALID if one of the sweeps has no result of it.
 */
export async function diffUnits(
  sources: ProvenanceSources,
  { before, now, name }: { readonly before: string; readonly now: string; readonly name: string },
): Promise<UnitDifference> {
  const { step = train.name, coordinates } = parseUnitName(name) ?? { coordinates: {} };
  const unit = unitId(step, coordinates);
  const [old, own] = [await workIn(sources, before, unit), await workIn(sources, now, unit)];
  const changes = [...ownDifferences(old, own), ...inputDifferences(old, own)];
  return {
    ...{ unit, before, now, keys: [old.key, own.key] },
    differences: [
      ...changes.map(({ component, ...values }) => ({ name: component, ...values })),
      ...settingChanges(
        { environment: old.environment, build: old.software },
        { environment: own.environment, build: own.software },
      ),
    ],
    results: settingChanges(await resultOf(sources.store, old), await resultOf(sources.store, own)),
  };
}

async function workIn(sources: ProvenanceSources, sweep: string, unit: string): Promise<DatedWork> {
  const { works, made } = await provenanceOf(sources, sweep);
  const own = works.findLast((work) => work.sweep === sweep && work.unit === unit);
  const found = made.find((work) => work.unit === unit) ?? own;
  if (found !== undefined) return found;
  throw new DomainError('ARGUMENT_INVALID', `${sweep} has no result of "${unit}"`);
}

/** The digests of a result's files, by name, and its summary. */
async function resultOf(store: ArtifactStore, { digest }: DatedWork): Promise<object> {
  const { files, summary } = await store.manifest(digest);
  const digests = Object.entries(files).map(([name, file]) => [name, file.digest] as const);
  return { ...Object.fromEntries(digests), summary };
}
