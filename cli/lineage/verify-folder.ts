import { DomainError } from '../../domain/domain-error.js';
import type { LogInspection } from '../../storage/store/log-inspection.js';
import { readSweepContent } from '../../storage/sweeps/sweep-content.js';
import { listSweeps, readSweepRecord, type SweepRecord } from '../../storage/sweeps/sweep-records.js';
import type { Finding } from '../../storage/verify/finding.js';
import { objectsOfSweep, worksOfSweep } from '../../storage/verify/sweep-scope.js';
import { verifyCheckpoints, verifyReportCopy } from '../../storage/verify/verify-copies.js';
import { conflictingResults } from '../../storage/verify/conflicting-results.js';
import { verifyLog, verifyObjects, verifyRecords, viewOf } from '../../storage/verify/verify-store.js';
import { pipeline } from '../../steps/pipeline.js';
import { verifyInputs, verifySummaries } from '../../steps/provenance/verify-results.js';
import type { Project } from '../project.js';
import { audit, sampleOf, type Audit } from './audit.js';

export interface VerifyRequest {
  readonly sweep: string | undefined;
  /** Also the files of the data sets, the copies of reports, checkpoints and the forms of results. */
  readonly deep: boolean;
  /** Share of the units to compute again; 0 for none. */
  readonly auditShare: number;
  readonly onProgress: (text: string) => void;
}

export interface Verification {
  readonly log: LogInspection;
  readonly objects: number;
  readonly bytes: number;
  /** Units that were computed again; null without an audit. */
  readonly audited: Pick<Audit, 'units' | 'skipped'> | null;
  readonly findings: readonly Finding[];
}

/** Steps whose results depend on more than their keys say: files of data sets, or the log. */
const alwaysDone: ReadonlySet<string> = new Set(pipeline.filter(({ always }) => always).map(({ name }) => name));

/** Compares a data folder, or what one sweep needs of it, with what was recorded. Changes nothing. */
export async function verifyFolder({ folder, store }: Project, request: VerifyRequest): Promise<Verification> {
  const { sweep, onProgress } = request;
  onProgress('reading the log and the index');
  const view = await viewOf(folder);
  const { log } = view;
  const scope = sweep === undefined ? undefined : await objectsOfSweep(view, sweep);
  const { findings, objects, bytes } = await verifyObjects(view, scope, ({ doneBytes, totalBytes }) => {
    onProgress(`objects: ${megabytes(doneBytes)} of ${megabytes(totalBytes)} MB`);
  });
  const found = [
    ...verifyLog(view),
    ...conflictingResults(view, alwaysDone),
    ...(await verifyRecords(view)),
    ...findings,
  ];
  const sweeps = sweep === undefined ? await listSweeps(folder) : [sweep];
  const works = sweep === undefined ? [...view.ownership.works.values()].flat() : await worksOfSweep(view, sweep);
  if (request.deep) {
    found.push(...(await verifySummaries(view, works)), ...(await verifyCheckpoints(folder)));
    for (const { id, specification } of await readableSweeps(folder, sweeps)) {
      onProgress(`data sets of ${id}`);
      found.push(...(await verifyReportCopy(folder, id, log)));
      // A specification that cannot be read is a finding already.
      const content = await readSweepContent(store, specification).catch(unlessOurs);
      if (content !== undefined)
        found.push(...(await verifyInputs(view, { id, content }, await worksOfSweep(view, id))));
    }
  }
  let audited: Verification['audited'] = null;
  if (request.auditShare > 0) {
    const sample = sampleOf(works, request.auditShare, log.digests.at(-1) ?? '');
    const done = await audit({ view, store }, sample, (unit, count) => {
      onProgress(`computing again, ${count} of ${sample.length} done: ${unit}`);
    });
    audited = { units: done.units, skipped: done.skipped };
    found.push(...done.findings);
  }
  const concerns = ({ sweeps: needing }: Finding): boolean =>
    sweep === undefined || needing.length === 0 || needing.includes(sweep);
  return { log, objects, bytes, audited, findings: found.filter(concerns) };
}

/** A damaged record of a sweep is a finding already. */
async function readableSweeps(folder: Project['folder'], ids: readonly string[]): Promise<SweepRecord[]> {
  const readable: SweepRecord[] = [];
  for (const id of ids) {
    const record = await readSweepRecord(folder, id).catch(unlessOurs);
    if (record !== undefined) readable.push(record);
  }
  return readable;
}

/** Undefined instead of an error of ours. */
function unlessOurs(error: unknown): undefined {
  if (!(error instanceof DomainError)) throw error;
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
