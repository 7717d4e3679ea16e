import { compareRows, type ComparedSweep } from '../../domain/comparison/compare-rows.js';
import type { SweepComparison } from '../../domain/comparison/sweep-comparison.js';
import { settingChanges } from '../../domain/lineage/settings.js';
import type { ArtifactStore } from '../../storage/store/artifact-store.js';
import { codeOf, finished, rowsOf } from './diff-sweeps.js';
import type { Provenance, ProvenanceSources } from './provenance-of.js';
import { sweepSettings } from './sweep-settings.js';

/**
 * The tables of two finished sweeps beside each other, over the cases that they share. ARGUMENT_INVALID if there is no such sweep, or
 * no report of it.
 */
export async function compareSweeps(sources: ProvenanceSources, a: string, b: string): Promise<SweepComparison> {
  const [own, other] = [await finished(sources, a), await finished(sources, b)];
  return {
    ...{ a: own.record.id, b: other.record.id },
    settings: settingChanges(sweepSettings(own.content), sweepSettings(other.content)),
    code: settingChanges(codeOf(own.made), codeOf(other.made)),
    ...compareRows(await measuredBy(sources.store, own), await measuredBy(sources.store, other)),
  };
}

async function measuredBy(store: ArtifactStore, sweep: Provenance): Promise<ComparedSweep> {
  const { split } = sweep.content.config;
  // A file's folds are taken as drawn at random.
  const isStratified = split.file === undefined && split.stratify === 'volumeTercile';
  return { rows: await rowsOf(store, sweep), isStratified };
}
