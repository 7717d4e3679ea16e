import { DomainError } from '../../domain/domain-error.js';
import { unitId } from '../../domain/plan/units.js';
import type { Ensemble, EnsembleDescription, EnsembleMember } from '../../storage/networks/exported-networks.js';
import type { ArtifactStore } from '../../storage/store/artifact-store.js';
import type { DataFolder } from '../../storage/store/data-folder.js';
import { lineageOf } from '../../storage/store/shared/open-store.js';
import { readRecordedWork, worksBehind, type RecordedWork } from '../../storage/store/work-records.js';
import { readSweepContent, type SweepContent } from '../../storage/sweeps/sweep-content.js';
import { readSweepRecord } from '../../storage/sweeps/sweep-records.js';
import { readSweepResult } from '../../storage/sweeps/sweep-results.js';
import { evaluate } from '../evaluate.js';
import { report } from '../report.js';
import { inputsByDigest, stepInputs } from '../step-inputs.js';
import { train, trainingFiles } from '../train.js';
import { normalisationOf, readUnitCases } from '../training/unit-cases.js';

/** Identifies one arm of a sweep on one data set. */
export interface ArmChoice {
  readonly sweep: string;
  readonly model: string;
  readonly loss: string;
  /** Required if the sweep has several. */
  readonly dataSet: string | undefined;
}

/**
 * Reads the trained networks of one arm of a sweep: those behind its report, traced through the lineage. Failed folds
 * are missing; with repeats, the networks are those of the first. ARGUMENT_INVALID if the sweep, arm or data set is
 * unknown, or if there is no report yet.
 */
export async function readSweepEnsemble(folder: DataFolder, store: ArtifactStore, arm: ArmChoice): Promise<Ensemble> {
  const record = await readSweepRecord(folder, arm.sweep);
  const made = (await readSweepResult(folder, record.id))?.report ?? null;
  if (made === null) {
    const message = `${arm.sweep} is not finished; finish it: volbias run ${record.configPath}`;
    throw new DomainError('ARGUMENT_INVALID', message);
  }
  const dataSet = chooseDataSet(Object.keys(record.locations), arm);
  const content = await readSweepContent(store, record.specification);
  const works = await readRecordedWork(lineageOf(folder));
  const behind = worksBehind(works, [{ unit: unitId(report.name, {}), digest: made.digest }]);
  if (behind.length === 0) {
    const problem = `the lineage log has no record of the report of ${arm.sweep}: it was cut off, or it is another log`;
    throw new DomainError('STORE_CORRUPT', `${problem}. To see what is left: volbias verify ${arm.sweep}`);
  }
  const place = { dataSet, model: arm.model, loss: arm.loss };
  const members: EnsembleMember[] = [];
  for (let fold = 0; fold < content.config.split.folds; fold++) {
    const unit = unitId(evaluate.name, { ...place, fold });
    const evaluation = behind.find((work) => work.unit === unit);
    if (evaluation !== undefined) members.push(await readMember(store, evaluation, { content, dataSet, fold }));
  }
  if (members.length === 0) {
    const repeat = content.config.training.repeats === undefined ? '' : ' of the first repeat';
    const message = `${arm.sweep} has no trained networks${repeat} for ${arm.model}/${arm.loss} on ${dataSet}`;
    throw new DomainError('ARGUMENT_INVALID', message);
  }
  return { description: { sweep: record.id, ...place, ...describe(content, dataSet) }, members };
}

function chooseDataSet(known: readonly string[], { sweep, dataSet }: ArmChoice): string {
  if (dataSet !== undefined && known.includes(dataSet)) return dataSet;
  const [only, ...others] = known;
  if (dataSet === undefined && only !== undefined && others.length === 0) return only;
  const found = dataSet === undefined ? '' : `, not "${dataSet}"`;
  const message = `${sweep} has the data sets ${known.join(', ')}${found}: choose by --data-set`;
  throw new DomainError('ARGUMENT_INVALID', message);
}

function dataSetOf({ config }: SweepContent, name: string): SweepContent['config']['dataSets'][number] {
  const dataSet = config.dataSets.find((candidate) => candidate.name === name);
  if (dataSet === undefined) throw new DomainError('STORE_CORRUPT', `the sweep has no data set "${name}"`);
  return dataSet;
}

function describe(
  content: SweepContent,
  name: string,
): Omit<EnsembleDescription, 'sweep' | 'dataSet' | 'model' | 'loss'> {
  const { modalities, preprocessing } = dataSetOf(content, name);
  const { threads, precision, tf32, deterministic } = content.config.numerics;
  const { threshold } = content.config.evaluation;
  return { modalities, preprocessing, threshold, threads, precision, tf32, deterministic };
}

async function readMember(
  store: ArtifactStore,
  evaluation: RecordedWork,
  { content, dataSet, fold }: { readonly content: SweepContent; readonly dataSet: string; readonly fold: number },
): Promise<EnsembleMember> {
  const inputs = stepInputs(store, inputsByDigest(evaluation.inputs));
  const cases = await readUnitCases(inputs, fold);
  const [anyCase] = cases.training;
  if (anyCase === undefined) throw new DomainError('STORE_CORRUPT', 'a training had no cases');
  const weights = await (await inputs.one(train)).file(trainingFiles.weights);
  const { scope } = dataSetOf(content, dataSet).preprocessing.normalisation;
  return { fold, weights, normalisation: scope === 'case' ? 'case' : normalisationOf(cases, anyCase, scope) };
}
