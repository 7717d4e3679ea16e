import { meanOf, reportedCaseMeans } from '../evaluate/case-means.js';
import type { ReportedRow } from '../evaluate/evaluation-row.js';
import { metricNames, metrics, type MetricName } from '../evaluate/metrics.js';
import { randomStream } from '../random/random-stream.js';
import type { BootstrapEstimate } from '../statistics/bootstrap-estimate.js';
import { pairedBootstraps } from '../statistics/paired-bootstrap.js';

/** A number of Table 1 in two sweeps. Volumes are in the unit of the data set. */
export interface PairedNumber {
  readonly dataSet: string;
  readonly model: string;
  readonly loss: string;
  readonly metric: MetricName;
  /** The mean in each sweep over its own cases; null where the sweep has no such arm. */
  readonly before: number | null;
  readonly now: number | null;
  /** Over the cases that both have: the mean of the differences now − before, and its test; null without such cases. */
  readonly paired: Pick<BootstrapEstimate, 'mean' | 'pValue' | 'interval' | 'cases'> | null;
}

const resamples = 10_000;
const confidence = 0.95;

/**
 * Every number of Table 1 that either sweep has, by data set, model, loss and metric. The tests are conditional on the
 * trained networks: they resample participants, as the folds of two sweeps may differ. ARGUMENT_INVALID if a case has
 * repeats twice.
 */
export function pairedNumbers(before: readonly ReportedRow[], now: readonly ReportedRow[]): PairedNumber[] {
  const [old, own] = [arms(before), arms(now)];
  const names = [...new Set([...old.keys(), ...own.keys()])].sort();
  return names.flatMap((name) => numbersOfArm(old.get(name) ?? [], own.get(name) ?? []));
}

/** The rows of each arm, one for each case. */
function arms(rows: readonly ReportedRow[]): Map<string, ReportedRow[]> {
  const byArm = new Map<string, ReportedRow[]>();
  for (const row of rows) {
    const name = `${row.dataSet} ${row.model} ${row.loss}`;
    byArm.set(name, [...(byArm.get(name) ?? []), row]);
  }
  return new Map([...byArm].map(([name, own]) => [name, reportedCaseMeans(own)]));
}

function numbersOfArm(before: readonly ReportedRow[], now: readonly ReportedRow[]): PairedNumber[] {
  const [arm] = [...now, ...before];
  if (arm === undefined) return [];
  const known = new Map(before.map((row) => [row.caseId, row]));
  const pairs = now.flatMap((row) => {
    const old = known.get(row.caseId);
    return old === undefined ? [] : [{ old, row }];
  });
  const { dataSet, model, loss } = arm;
  const columns = metricNames.map((metric) => {
    const { valueOf } = metrics[metric];
    return pairs.map(({ old, row }) => valueOf(row) - valueOf(old));
  });
  const groups = pairs.map(({ row }) => row.participant);
  const random = randomStream(dataSet, 'diff');
  const tests = pairs.length === 0 ? [] : pairedBootstraps({ columns, groups, resamples, random, confidence });
  return metricNames.map((metric, index) => {
    const mean = (rows: readonly ReportedRow[]): number | null =>
      rows.length === 0 ? null : meanOf(rows, metrics[metric].valueOf);
    const test = tests[index];
    const paired =
      test === undefined ? null : { mean: test.mean, pValue: test.pValue, interval: test.interval, cases: test.cases };
    return { dataSet, model, loss, metric, before: mean(before), now: mean(now), paired };
  });
}
