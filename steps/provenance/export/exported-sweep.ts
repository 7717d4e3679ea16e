import { DomainError } from '../../../domain/domain-error.js';
import type { ReportedRow } from '../../../domain/evaluate/evaluation-row.js';
import { armMeans } from '../../../domain/lineage/export/arm-means.js';
import type { ExportedReport, ExportedSweep } from '../../../domain/lineage/export/exported-sweep.js';
import { digestOfJson } from '../../../domain/plan/key.js';
import type { ArtifactStore } from '../../../storage/store/artifact-store.js';
import { locationOf } from '../../../storage/sweeps/sweep-records.js';
import { join } from '../../join.js';
import { pipeline } from '../../pipeline.js';
import { provenanceOf, type Provenance, type ProvenanceSources } from '../provenance-of.js';
import { summaryOfWork, type DatedWork } from '../recorded.js';
import { exportedFailures } from './exported-failures.js';
import { exportedUnits } from './exported-units.js';

/**
 * Reads what an export says of a sweep. ARGUMENT_INVALID if there is no such sweep, or no report of it; STORE_CORRUPT if
 * the log or the store is damaged.
 */
export async function exportedSweep(sources: ProvenanceSources, id: string): Promise<ExportedSweep> {
  const { folder, store } = sources;
  const provenance = await provenanceOf(sources, id);
  const { record, content, records, made, root } = provenance;
  if (root === undefined) {
    const message = `${record.id} has no report yet. Finish the sweep: volbias run ${record.configPath}`;
    throw new DomainError('ARGUMENT_INVALID', message);
  }
  const used = new Set(made.map(({ step }) => step));
  const runs = records.flatMap((one) => (one.kind === 'runStarted' && one.spec.sweep === record.id ? [one] : []));
  const before = runs.filter(({ at }) => root.at !== null && at <= root.at);
  const line = records.findLast(({ kind, spec }) => kind === 'artifact' && spec.key === root.key);
  const rows = await rowsOf(store, provenance);
  return {
    id: record.id,
    name: content.config.name,
    specification: record.specification,
    config: content.config,
    steps: pipeline.filter(({ name }) => used.has(name)).map(({ name, does, needs }) => ({ name, does, needs })),
    units: await exportedUnits(store, provenance, (name) => locationOf(folder, content, record, name)),
    failures: await exportedFailures(store, provenance),
    report: await exportedReport(store, root),
    ...{ rows, means: armMeans(rows) },
    startedAt: before[0]?.at ?? null,
    endedAt: root.at,
    operators: [...new Set(before.map(({ spec }) => spec.operator))].sort(),
    software: root.software,
    // A line of the log is the canonical JSON of its record.
    logHead: digestOfJson(line),
  };
}

async function exportedReport(store: ArtifactStore, root: DatedWork): Promise<ExportedReport> {
  const manifest = await store.manifest(root.digest);
  const names = Object.keys(manifest.files).sort();
  const contents = names.map(async (name) => ({ name, bytes: await store.readFile(manifest, name) }));
  return {
    recorded: names.map((name) => ({ name, sha256: manifest.files[name]?.digest ?? '' })),
    contents: await Promise.all(contents),
  };
}

async function rowsOf(store: ArtifactStore, { made }: Provenance): Promise<ReportedRow[]> {
  const joined = made.filter(({ step }) => step === join.name).sort((a, b) => (a.unit < b.unit ? -1 : 1));
  const summaries = joined.map((work) => summaryOfWork(store, join, work));
  return (await Promise.all(summaries)).flatMap(({ rows }) => rows);
}
