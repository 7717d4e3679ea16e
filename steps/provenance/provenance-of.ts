import { DomainError } from '../../domain/domain-error.js';
import type { ArtifactStore } from '../../storage/store/artifact-store.js';
import type { DataFolder } from '../../storage/store/data-folder.js';
import type { LineageLog } from '../../storage/store/lineage-log.js';
import type { LineageRecord } from '../../storage/store/lineage-records.js';
import { missingInput, worksBehind } from '../../storage/store/work-records.js';
import { readSweepContent, type SweepContent } from '../../storage/sweeps/sweep-content.js';
import { readSweepRecord, type SweepRecord } from '../../storage/sweeps/sweep-records.js';
import { readSweepResult } from '../../storage/sweeps/sweep-results.js';
import { report } from '../report.js';
import { datedWorks, type DatedWork } from './recorded.js';

export interface ProvenanceSources {
  readonly folder: DataFolder;
  readonly store: ArtifactStore;
  readonly lineage: LineageLog;
}

/** A sweep, and what the log says of its results. */
export interface Provenance {
  readonly record: SweepRecord;
  readonly content: SweepContent;
  readonly records: readonly LineageRecord[];
  /** All work that the log records, oldest first. */
  readonly works: readonly DatedWork[];
  /** The work behind the sweep's report, with the report's own; empty before there is a report. */
  readonly made: readonly DatedWork[];
  /** The report's own work. */
  readonly root: DatedWork | undefined;
}

/** ARGUMENT_INVALID if there is no such sweep; STORE_CORRUPT if the log or the store is damaged. */
export async function provenanceOf({ folder, store, lineage }: ProvenanceSources, id: string): Promise<Provenance> {
  const record = await readSweepRecord(folder, id);
  const content = await readSweepContent(store, record.specification);
  const records = await lineage.read();
  const works = datedWorks(records);
  const result = (await readSweepResult(folder, record.id))?.report ?? null;
  const made = result === null ? [] : worksBehind(works, [{ unit: report.name, digest: result.digest }]);
  refuseLost(made, record.configPath);
  return { record, content, records, works, made, root: made.find(({ step }) => step === report.name) };
}

/** A record that was damaged, and no longer counts, must not look as if there had been no such work. */
function refuseLost(made: readonly DatedWork[], configPath: string): void {
  const lost = missingInput(made);
  if (lost === undefined) return;
  const remedy = `run the sweep again, which records it: volbias run ${configPath}`;
  throw new DomainError('STORE_CORRUPT', `the lineage log does not say any more how ${lost} was made; ${remedy}`);
}
