import { parseUnitName } from '../../domain/plan/unit-name.js';
import { worksBehind } from '../../storage/store/work-records.js';
import { readSweepContent } from '../../storage/sweeps/sweep-content.js';
import { readSweepRecord } from '../../storage/sweeps/sweep-records.js';
import { readSweepResult } from '../../storage/sweeps/sweep-results.js';
import { preprocess } from '../preprocess.js';
import { report } from '../report.js';
import { scan } from '../scan.js';
import type { ProvenanceSources } from './provenance-of.js';
import { datedWorks, summaryOfWork } from './recorded.js';

/** A faulty case that a sweep has left out, as its config says. */
export interface ExcludedCase {
  readonly dataSet: string;
  readonly case: string;
  readonly reason: string;
}

interface Excluding {
  readonly excluded?: readonly { readonly id: string; readonly reason: string }[];
}

/** The faulty cases that a sweep's results leave out, by data set and case; none before it has a report. */
export async function excludedCases(
  { folder, store, lineage }: ProvenanceSources,
  id: string,
): Promise<ExcludedCase[]> {
  const { specification } = await readSweepRecord(folder, id);
  const { dataSets } = (await readSweepContent(store, specification)).config;
  const made = (await readSweepResult(folder, id))?.report ?? null;
  // Reading the whole log takes a while.
  if (made === null || dataSets.every(({ onInvalidCase }) => onInvalidCase === 'stop')) return [];
  const works = worksBehind(datedWorks(await lineage.read()), [{ unit: report.name, digest: made.digest }]);
  const excluded: ExcludedCase[] = [];
  for (const work of works) {
    // A prepared case is no unit.
    const dataSet = parseUnitName(work.unit)?.coordinates.dataSet;
    if (dataSet === undefined) continue;
    const step = work.step === scan.name ? scan : work.step === preprocess.name ? preprocess : undefined;
    if (step === undefined) continue;
    const { excluded: own = [] } = await summaryOfWork<Excluding>(store, step, work);
    excluded.push(...own.map(({ id: name, reason }) => ({ dataSet, case: name, reason })));
  }
  return excluded.sort((a, b) => (`${a.dataSet} ${a.case}` < `${b.dataSet} ${b.case}` ? -1 : 1));
}
