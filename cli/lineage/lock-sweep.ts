import { DomainError } from '../../domain/domain-error.js';
import type { Lock } from '../../domain/lock/lock.js';
import { listed } from '../../domain/report/words/format-number.js';
import { readNumericEnvironment } from '../../storage/machine/runtime-record.js';
import type { LineageRecord } from '../../storage/store/lineage-records.js';
import type { SweepContent } from '../../storage/sweeps/sweep-content.js';
import { isThere, type SweepRecord } from '../../storage/sweeps/sweep-records.js';
import { drawSplits } from '../../steps/planning/draw-splits.js';
import { planSweep } from '../../steps/planning/plan-sweep.js';
import { pipeline } from '../../steps/pipeline.js';
import { frozenSweep } from '../../steps/provenance/frozen-sweep.js';
import { train } from '../../steps/train.js';
import type { Project } from '../project.js';

/** The sweeps of a name, by records of a log, that have trained networks. */
export function trainedSweeps(records: readonly LineageRecord[], name: string): string[] {
  const trained = records.flatMap(({ kind, spec }) =>
    kind === 'artifact' && spec.step === train.name && spec.sweep !== undefined ? [spec.sweep] : [],
  );
  return [...new Set(trained)].filter((sweep) => sweep.replace(/-[0-9a-f]{10}$/, '') === name).sort();
}

/**
 * Freezes a sweep before its results are seen: its config, and the folds of those data sets that are there, which are
 * prepared for it. ARGUMENT_INVALID if the data folder has results of the sweep already.
 */
export async function lockSweep(
  { folder, store, lineage }: Project,
  { content, record, at }: { readonly content: SweepContent; readonly record: SweepRecord; readonly at: Date },
  onUnit: (unit: string) => void,
): Promise<Lock> {
  const { config } = content;
  const records = await lineage.read();
  const trained = trainedSweeps(records, config.name);
  if (trained.length > 0) throw tooLate(`${folder.root} has results of ${listed(trained)}`);
  const dataSets = config.dataSets.map(({ name }) => name).filter((name) => isThere(content, record, name));
  // An interruption ends this process: the store has what is done, and nothing is locked.
  const { signal } = new AbortController();
  const here = { store, lineage, folder, signal, environment: await readNumericEnvironment() };
  const found = await drawSplits(here, { content, record, dataSets }, onUnit);
  if (dataSets.length === config.dataSets.length) {
    // The log decides: it also knows of results that the store has lost.
    const [done] = await trainedBefore(records, { folder, store }, { content, record });
    if (done !== undefined) throw tooLate(`another sweep in ${folder.root} has done the work of ${done}`);
  }
  const versions = Object.fromEntries(pipeline.map(({ name, version }) => [name, version]));
  return { version: 1, name: config.name, lockedAt: at.toISOString(), ...frozenSweep(config, found, versions) };
}

/** The trainings of a sweep whose very work these records of a log have. */
export async function trainedBefore(
  records: readonly LineageRecord[],
  sources: Pick<Project, 'folder' | 'store'>,
  { content, record }: { readonly content: SweepContent; readonly record: SweepRecord },
): Promise<string[]> {
  const done = new Set(records.flatMap(({ kind, spec }) => (kind === 'artifact' ? [spec.key] : [])));
  const { works } = await planSweep(sources, content, record);
  return works.flatMap(({ step, key, unit }) => (step === train.name && key !== null && done.has(key) ? [unit] : []));
}

function tooLate(reason: string): DomainError {
  const meaning = 'A lock states that no result was known';
  return new DomainError('ARGUMENT_INVALID', `it is too late to lock this sweep: ${reason}. ${meaning}`);
}
