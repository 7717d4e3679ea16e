import type { ExportedCase, ExportedSource, ExportedUnit } from '../../../domain/lineage/export/exported-sweep.js';
import type { TracedFile, TracedWork } from '../../../domain/lineage/trace.js';
import { parseUnitName } from '../../../domain/plan/unit-name.js';
import type { HistoryRow } from '../../../domain/training/training-progress.js';
import { parsed } from '../../../storage/files/parsed.js';
import type { ArtifactStore } from '../../../storage/store/artifact-store.js';
import type { LineageRecord } from '../../../storage/store/lineage-records.js';
import type { DataSetLocation } from '../../../storage/sweeps/sweep-records.js';
import { evaluate } from '../../evaluate.js';
import { preprocess } from '../../preprocess.js';
import { scan } from '../../scan.js';
import { statistics } from '../../statistics.js';
import { train, trainingFiles, trainingHistory } from '../../train.js';
import type { Provenance } from '../provenance-of.js';
import { summaryOfWork, type DatedWork } from '../recorded.js';
import { tracedFiles } from '../trace/traced-files.js';
import { tracedWorks } from '../trace/traced-works.js';
import { namedBySweep } from './named-by-sweep.js';

/** The work behind a report: the preparations of single cases, then each unit after those that it needs. */
export async function exportedUnits(
  store: ArtifactStore,
  provenance: Provenance,
  locationAt: (dataSet: string) => DataSetLocation,
): Promise<ExportedUnit[]> {
  const { works, records } = provenance;
  const made = namedBySweep(provenance.made, provenance.root);
  const files = await tracedFiles(store, made, locationAt);
  const parametersOf = new Map(works.map(({ key, parameters }) => [key, parameters]));
  const predictions = await predictedCases(store, made);
  const startOf = startsOf(records, works);
  const placed = inPlanOrder(await tracedWorks(store, made, { works, records }));
  const cases = placed.filter(({ work }) => work.case !== undefined);
  return Promise.all(
    [...cases, ...placed.filter(({ work }) => work.case === undefined)].map(async ({ work, dataSet }) => {
      const { unit, step, version, key, digest: sha256, facts, environment, at } = work;
      const ofCase = (id: string): { case: ExportedCase } => ({ case: { dataSet, id } });
      // Statistics are gathered from the prepared cases themselves.
      const prepared = step === statistics.name ? cases.filter((one) => one.dataSet === dataSet) : [];
      return {
        ...{ unit, step, version, key, sha256, facts, environment },
        ...(work.case !== undefined && ofCase(work.case)),
        parameters: parametersOf.get(key),
        inputs: [
          ...inputsOf(work).map((input) => ({ unit: input.unit, sha256: input.digest })),
          ...prepared.map((one) => ({ unit: one.work.unit, sha256: one.work.digest, ...ofCase(one.work.case ?? '') })),
        ],
        sources: sourcesOf(work, dataSet, files),
        files: work.files.map((file) => {
          const predicted = predictions.get(`${unit} ${file.name}`);
          return { ...file, ...(predicted !== undefined && ofCase(predicted)) };
        }),
        readyAt: startOf(work),
        recordedAt: at,
        epochs: step === train.name ? await epochsOf(store, work) : [],
      };
    }),
  );
}

interface PlacedWork {
  readonly work: TracedWork;
  readonly dataSet: string;
}

/** From the last of a trace to its first. A trace has the cases of a shard after it. */
function inPlanOrder(traced: readonly TracedWork[]): PlacedWork[] {
  let dataSet = '';
  const placed = traced.map((work) => {
    if (work.case === undefined) dataSet = parseUnitName(work.unit)?.coordinates.dataSet ?? '';
    return { work, dataSet };
  });
  return placed.reverse();
}

/** The results that a work was computed from; a prepared case has none. */
function inputsOf({ inputs }: Pick<TracedWork, 'inputs'>): TracedWork['inputs'] {
  return inputs.filter((input) => input.unit !== 'files');
}

/** From when on a work could have begun: its inputs were there, and a run of its sweep had been started. */
function startsOf(records: readonly LineageRecord[], works: readonly DatedWork[]): (work: TracedWork) => string | null {
  const runs = records.flatMap((record) => (record.kind === 'runStarted' ? [record] : []));
  const recordedAt = new Map(works.map(({ digest, at }) => [digest, at]));
  return (work) => {
    const { at, sweep } = work;
    if (at === null) return null;
    const run = runs.findLast((one) => (sweep === null || one.spec.sweep === sweep) && one.at <= at);
    const times = [run?.at, ...inputsOf(work).map(({ digest }) => recordedAt.get(digest))];
    // Clocks of several machines may differ.
    return (
      times
        .filter((time) => typeof time === 'string' && time <= at)
        .sort()
        .at(-1) ?? at
    );
  };
}

/** A scan reads all files of its data set, a prepared case its own. */
function sourcesOf(work: TracedWork, dataSet: string, files: readonly TracedFile[]): ExportedSource[] {
  if (work.step !== scan.name && !(work.step === preprocess.name && work.case !== undefined)) return [];
  const own = files.filter((file) => file.dataSet === dataSet && (work.case ?? file.case) === file.case);
  return own.map(({ case: id, role, sha256, path }) => ({ case: { dataSet, id }, role, sha256, path }));
}

/** The case of each probability map, by its unit and its name. */
async function predictedCases(store: ArtifactStore, made: readonly DatedWork[]): Promise<Map<string, string>> {
  const cases = new Map<string, string>();
  for (const work of made.filter(({ step }) => step === evaluate.name)) {
    for (const { caseId, file } of (await summaryOfWork(store, evaluate, work)).predictions) {
      cases.set(`${work.unit} ${file}`, caseId);
    }
  }
  return cases;
}

async function epochsOf(store: ArtifactStore, { unit, digest }: TracedWork): Promise<readonly HistoryRow[]> {
  const manifest = await store.manifest(digest);
  const bytes = await store.readFile(manifest, trainingFiles.history);
  return parsed(trainingHistory, bytes, `the history of ${unit}`);
}
