import type { ExportedSource, ExportedUnit } from '../../../domain/lineage/export/exported-sweep.js';
import type { TracedFile, TracedWork } from '../../../domain/lineage/trace.js';
import { parseUnitName } from '../../../domain/plan/unit-name.js';
import type { HistoryRow } from '../../../domain/training/training-progress.js';
import { parsed } from '../../../storage/files/parsed.js';
import type { ArtifactStore } from '../../../storage/store/artifact-store.js';
import type { DataSetLocation } from '../../../storage/sweeps/sweep-records.js';
import { evaluate } from '../../evaluate.js';
import { preprocess } from '../../preprocess.js';
import { scan } from '../../scan.js';
import { train, trainingFiles, trainingHistory } from '../../train.js';
import type { Provenance } from '../provenance-of.js';
import { summaryOfWork, type DatedWork } from '../recorded.js';
import { tracedFiles } from '../trace/traced-files.js';
import { tracedWorks } from '../trace/traced-works.js';

/** The work behind a report, each unit after those that it needs, prepared cases before their shard. */
export async function exportedUnits(
  store: ArtifactStore,
  { made, works, records }: Provenance,
  locationAt: (dataSet: string) => DataSetLocation,
): Promise<ExportedUnit[]> {
  const files = await tracedFiles(store, made, locationAt);
  const parametersOf = new Map(works.map(({ key, parameters }) => [key, parameters]));
  const predictions = await predictedCases(store, made);
  const starts = records.flatMap((record) => (record.kind === 'runStarted' ? [record] : []));
  const units: ExportedUnit[] = [];
  const recordedAt = new Map<string, string | null>();
  for (const { work, dataSet, cases } of inPlanOrder(await tracedWorks(store, made, { works, records }))) {
    const { unit, step, version, key, digest: sha256, facts, environment, at } = work;
    const inputs = work.inputs.filter((input) => input.unit !== 'files');
    const begun = starts.findLast((start) => start.spec.sweep === work.sweep && at !== null && start.at <= at);
    const before = [begun?.at, ...inputs.map((input) => recordedAt.get(input.digest))];
    recordedAt.set(sha256, at);
    units.push({
      ...{ unit, step, version, key, sha256, facts, environment },
      ...(work.case !== undefined && { case: { dataSet, id: work.case } }),
      parameters: parametersOf.get(key),
      inputs: [
        ...inputs.map((input) => ({ unit: input.unit, sha256: input.digest })),
        ...cases.map((one) => ({
          ...{ unit: one.unit, sha256: one.digest },
          case: { dataSet, id: one.case ?? '' },
        })),
      ],
      sources: sourcesOf(work, dataSet, files),
      files: work.files.map((file) => {
        const predicted = predictions.get(`${unit} ${file.name}`);
        return { ...file, ...(predicted !== undefined && { case: { dataSet, id: predicted } }) };
      }),
      // Clocks of several machines may differ.
      readyAt:
        at === null
          ? null
          : (before
              .filter((one) => typeof one === 'string' && one <= at)
              .sort()
              .at(-1) ?? at),
      recordedAt: at,
      epochs: step === train.name ? await epochsOf(store, work) : [],
    });
  }
  return units;
}

interface PlacedWork {
  readonly work: TracedWork;
  readonly dataSet: string;
  /** A shard's cases. */
  readonly cases: readonly TracedWork[];
}

/** From the last of a trace to its first; a trace has the cases of a shard after it. */
function inPlanOrder(traced: readonly TracedWork[]): PlacedWork[] {
  const placed: PlacedWork[] = [];
  let cases: TracedWork[] = [];
  for (const work of traced.toReversed()) {
    if (work.case !== undefined) {
      cases.unshift(work);
      continue;
    }
    const dataSet = parseUnitName(work.unit)?.coordinates.dataSet ?? '';
    placed.push(...cases.map((one) => ({ work: one, dataSet, cases: [] })), { work, dataSet, cases });
    cases = [];
  }
  return placed;
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
