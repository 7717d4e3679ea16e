import type { MeasureName } from '../../lineage/traced-measure.js';
import { stepOfUnit } from '../../plan/units.js';
import type { ArmOfDataSet } from '../../statistics/comparison-index.js';
import type { Origins, TrainingOrigin } from '../origins.js';
import { firstTen } from './format-number.js';

/** Says of each number where it comes from: the command that traces it, and the keys of the units that it is from. */
export interface TraceWords {
  /** Of a mean over all cases of an arm. */
  ofMean(arm: ArmOfDataSet, measure: MeasureName): string;
  /** Of a case's value; with repeats, of its mean over them. */
  ofCase(row: ArmOfDataSet & { readonly caseId: string; readonly fold: number }, measure: MeasureName): string;
  /** Of a training, by its unit. */
  ofTraining(unit: string): string;
  /** Of what a step has found about a data set as a whole, such as its tests. */
  ofUnit(dataSet: string, step: string): string;
}

/** Of a partial report: nothing records it, so that nothing can be traced. */
export const noTraceWords: TraceWords = {
  ofMean: notRecorded,
  ofCase: notRecorded,
  ofTraining: notRecorded,
  ofUnit: notRecorded,
};

function notRecorded(): string {
  return 'of a partial report, which is not recorded';
}

export function traceWords(
  sweepId: string,
  { dataSets, trainings }: Pick<Origins, 'dataSets' | 'trainings'>,
): TraceWords {
  const byArm = new Map<string, TrainingOrigin[]>();
  for (const training of trainings) {
    const own = byArm.get(nameOf(training));
    if (own === undefined) byArm.set(nameOf(training), [training]);
    else own.push(training);
  }
  const trace = (what: string): string => `volbias trace ${sweepId} ${quoted(what)}`;
  const evaluated = (own: readonly TrainingOrigin[]): string => {
    const keys = own.map(({ evaluation }) => shortKey(evaluation.key));
    if (keys.length === 0) return '';
    return keys.length === 1 ? ` (key of its evaluation: ${keys[0]})` : ` (keys of its evaluations: ${firstTen(keys)})`;
  };
  return {
    ofMean: (arm, measure) => trace(`${nameOf(arm)}.${measure}`) + evaluated(byArm.get(nameOf(arm)) ?? []),
    ofCase: (row, measure) => {
      const own = (byArm.get(nameOf(row)) ?? []).filter(({ fold }) => fold === row.fold);
      return trace(`${nameOf(row)}.${measure}.${row.caseId}`) + evaluated(own);
    },
    ofTraining: (unit) => {
      const found = trainings.find(({ training }) => training.unit === unit)?.training;
      return found === undefined ? trace(unit) : `${trace(unit)} (its key: ${shortKey(found.key)})`;
    },
    ofUnit: (dataSet, step) => {
      const { units = [] } = dataSets.find(({ name }) => name === dataSet) ?? {};
      const found = units.find(({ unit }) => stepOfUnit(unit) === step);
      return found === undefined ? '' : `${trace(found.unit)} (its key: ${shortKey(found.key)})`;
    },
  };
}

/** Enough of a key to find it again in a folder of millions. */
export function shortKey(key: string): string {
  return key.slice(0, 12);
}

function nameOf({ dataSet, model, loss }: ArmOfDataSet): string {
  return `${dataSet}.${model}.${loss}`;
}

/** The text as one word of a shell. */
function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
