import { DomainError } from '../../domain/domain-error.js';
import type { ArtifactRef } from '../../contracts/artifacts.js';
import type { LineageLog } from '../../storage/store/lineage-log.js';
import type { ArtifactStore } from '../../storage/store/artifact-store.js';
import { readRecordedWork } from '../../storage/store/work-records.js';
import { evaluate } from '../evaluate.js';
import { statistics } from '../statistics.js';
import { inputsByDigest, stepInputs } from '../step-inputs.js';

/** A case as a training of an arm without it has predicted it. */
export interface SweepPrediction {
  readonly dataSet: string;
  readonly caseId: string;
  readonly participant: string;
  readonly model: string;
  readonly loss: string;
  readonly fold: number;
  readonly repeat: number;
  /** Of the evaluation's result. */
  readonly digest: string;
  /** The artifact of the prepared case. */
  readonly prepared: string;
  /** The probabilities on the prepared grid, as `encodePrediction` writes them. */
  readonly read: () => Promise<Uint8Array>;
}

/** All predictions behind a report, in the order of the plan. STORE_CORRUPT if the lineage has no record of the report. */
export async function sweepPredictions(
  { store, lineage }: { readonly store: ArtifactStore; readonly lineage: LineageLog },
  report: ArtifactRef,
): Promise<SweepPrediction[]> {
  const work = (await readRecordedWork(lineage)).findLast(({ digest }) => digest === report.digest);
  if (work === undefined) throw new DomainError('STORE_CORRUPT', 'the lineage log has no record of the report');
  const inputs = stepInputs(store, inputsByDigest(work.inputs));
  const prepared = new Map<string, string>();
  for (const { unit, summary } of await inputs.all(statistics)) {
    const dataSet = unit.slice(statistics.name.length + 1);
    for (const { id, artifact } of summary.cases) prepared.set(JSON.stringify([dataSet, id]), artifact);
  }
  return (await inputs.all(evaluate)).flatMap(({ digest, summary: { cases, predictions }, ...result }) => {
    const files = new Map(predictions.map((one) => [one.caseId, one.file]));
    return cases.map(({ dataSet, caseId, participant, model, loss, fold, repeat = 0 }) => ({
      ...{ dataSet, caseId, participant, model, loss, fold, repeat, digest },
      prepared: prepared.get(JSON.stringify([dataSet, caseId])) ?? '',
      read: () => result.file(files.get(caseId) ?? ''),
    }));
  });
}
