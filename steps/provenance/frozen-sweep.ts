import type { Config } from '../../configs/config-schema.js';
import { frozenOf, type Frozen } from '../../domain/lock/lock.js';
import { unitId } from '../../domain/plan/units.js';
import { allFilesOf } from '../../storage/datasets/scan-cases.js';
import { scan } from '../scan.js';
import { split } from '../split.js';
import type { SummaryOf } from '../step.js';
import type { StepInput } from '../step-inputs.js';

/** What decides a sweep's numbers: its config, and what its scans and splits have found, as far as there are any. */
export function frozenSweep(
  config: Config,
  {
    scanned,
    drawn,
  }: {
    readonly scanned: readonly StepInput<SummaryOf<typeof scan>>[];
    readonly drawn: readonly StepInput<SummaryOf<typeof split>>[];
  },
  steps: Frozen['steps'],
): Frozen {
  const names = config.dataSets.map(({ name }) => name);
  const data = names.map((dataSet) => {
    const own = scanned.find(({ unit }) => unit === unitId(scan.name, { dataSet }));
    if (own === undefined) return [dataSet, null] as const;
    const { digest, summary } = own;
    const files = summary.cases.flatMap(allFilesOf).length;
    return [dataSet, { digest, cases: summary.cases.length, files }] as const;
  });
  const splits = names.map((dataSet) => {
    const own = drawn.find(({ unit }) => unit === unitId(split.name, { dataSet }));
    if (own === undefined) return [dataSet, null] as const;
    return [dataSet, { digest: own.digest, cases: own.summary.folds.map(({ length }) => length) }] as const;
  });
  return frozenOf(config, { data: Object.fromEntries(data), splits: Object.fromEntries(splits), steps });
}
