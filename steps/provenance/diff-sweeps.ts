import { DomainError } from '../../domain/domain-error.js';
import type { ReportedRow } from '../../domain/evaluate/evaluation-row.js';
import { dataChanges } from '../../domain/lineage/data-changes.js';
import { movedCases } from '../../domain/lineage/moved-cases.js';
import { pairedNumbers } from '../../domain/lineage/paired-numbers.js';
import { settingChanges } from '../../domain/lineage/settings.js';
import type { SweepDifference } from '../../domain/lineage/sweep-difference.js';
import { unitId } from '../../domain/plan/units.js';
import type { ArtifactStore } from '../../storage/store/artifact-store.js';
import { casesOfScan } from '../../storage/datasets/scan-cases.js';
import { join } from '../join.js';
import type { PipelineStep } from '../step.js';
import { scan } from '../scan.js';
import { split } from '../split.js';
import { machinesOf } from './machines.js';
import { provenanceOf, type Provenance, type ProvenanceSources } from './provenance-of.js';
import { summaryOfWork, type DatedWork } from './recorded.js';
import { sweepSettings } from './sweep-settings.js';

/** How the sweep `now` differs from the sweep `before`. ARGUMENT_INVALID if there is no such sweep, or no report of it. */
export async function diffSweeps(sources: ProvenanceSources, before: string, now: string): Promise<SweepDifference> {
  const { store } = sources;
  const [old, own] = [await finished(sources, before), await finished(sources, now)];
  const [dataOld, dataOwn] = [await ofDataSets(store, old, scan), await ofDataSets(store, own, scan)];
  const [splitOld, splitOwn] = [await ofDataSets(store, old, split), await ofDataSets(store, own, split)];
  const names = [...new Set([...dataOld.keys(), ...dataOwn.keys()])].sort();
  const data = names.map((dataSet) => {
    const none = { cases: [] };
    const cases = [dataOld, dataOwn].map((found) => casesOfScan(found.get(dataSet) ?? none));
    return { dataSet, ...dataChanges(cases[0] ?? new Map(), cases[1] ?? new Map()) };
  });
  const splits = names.map((dataSet) => ({
    dataSet,
    cases: movedCases(splitOld.get(dataSet)?.folds ?? [], splitOwn.get(dataSet)?.folds ?? []),
  }));
  return {
    ...{ before: old.record.id, now: own.record.id },
    config: settingChanges(sweepSettings(old.content), sweepSettings(own.content)),
    code: settingChanges(codeOf(old.made), codeOf(own.made)),
    environment: settingChanges(factsOf(old.made), factsOf(own.made)),
    data: data.filter(({ added, removed, changed }) => added.length + removed.length + changed.length > 0),
    splits: splits.filter(({ cases }) => cases.length > 0),
    numbers: pairedNumbers(await rowsOf(store, old), await rowsOf(store, own)),
  };
}

/** What the log says of a sweep. ARGUMENT_INVALID if there is no such sweep, or no report of it. */
export async function finished(sources: ProvenanceSources, id: string): Promise<Provenance> {
  const found = await provenanceOf(sources, id);
  if (found.root !== undefined) return found;
  const message = `${id} has no report yet. Finish the sweep: volbias run ${found.record.configPath}`;
  throw new DomainError('ARGUMENT_INVALID', message);
}

/** The summaries of a step's results, by data set. */
async function ofDataSets<Summary>(
  store: ArtifactStore,
  { content, made }: Provenance,
  step: PipelineStep<Summary>,
): Promise<Map<string, Summary>> {
  const found = new Map<string, Summary>();
  for (const { name } of content.config.dataSets) {
    const work = made.find(({ unit }) => unit === unitId(step.name, { dataSet: name }));
    if (work !== undefined) found.set(name, await summaryOfWork(store, step, work));
  }
  return found;
}

/** The rows of a finished sweep, of all data sets. */
export async function rowsOf(store: ArtifactStore, provenance: Provenance): Promise<ReportedRow[]> {
  return [...(await ofDataSets(store, provenance, join)).values()].flatMap(({ rows }) => rows);
}

/** The version of each step, and the builds that did the work. */
export function codeOf(works: readonly DatedWork[]): object {
  const steps = new Map<string, Set<string>>();
  const note = (name: string, value: string): void => {
    steps.set(name, (steps.get(name) ?? new Set()).add(value));
  };
  for (const { step, version, software } of works) {
    note(step, `version ${version}`);
    const { version: release, commit, sources } = software ?? {};
    note('volbias', release === undefined ? 'not recorded' : [release, commit ?? sources].join(' '));
  }
  return Object.fromEntries([...steps].map(([name, values]) => [name, [...values].sort().join('; ')]));
}

function factsOf(works: readonly DatedWork[]): object {
  const values = new Map<string, Set<string>>();
  for (const { facts } of machinesOf(works)) {
    for (const { name, value } of facts) values.set(name, (values.get(name) ?? new Set()).add(value));
  }
  return Object.fromEntries([...values].map(([name, found]) => [name, [...found].sort().join('; ')]));
}
