import { join } from 'node:path';

import { DomainError } from '../../domain/domain-error.js';
import { counted } from '../../domain/report/words/format-number.js';
import { partialReport } from '../../steps/partial-report.js';
import { pageFile, writePartialReport } from '../../storage/sweeps/report-copy.js';
import { readSweepContent } from '../../storage/sweeps/sweep-content.js';
import type { SweepRecord } from '../../storage/sweeps/sweep-records.js';
import type { Project } from '../project.js';
import { commandFor, type PlaceFlags } from '../terminal/command-for.js';

export interface WrittenReport {
  readonly page: string;
  /** The files by name. */
  readonly files: Readonly<Record<string, string>>;
}

/** Writes what a sweep without a report has so far. ARGUMENT_INVALID, with what to do, if that is nothing. */
export async function writeWhatIsThere(
  project: Project,
  record: SweepRecord,
  place: PlaceFlags,
): Promise<WrittenReport> {
  const content = await readSweepContent(project.store, record.specification);
  const { counts, files } = await partialReport(project, record, content);
  if (files === null) {
    const { id, configPath } = record;
    const failed = counts.failed === 0 ? '' : ` (${counts.failed} after a failure)`;
    const none = `${id} has nothing to report yet: none of ${counted(counts.total, 'training')} has results${failed}`;
    const remedy = `To see how far it is: ${commandFor(`status ${id}`, place)}. If it is not running: ${commandFor('run', place, configPath)}`;
    throw new DomainError('ARGUMENT_INVALID', `${none}. ${remedy}`);
  }
  const target = await writePartialReport(project.folder, record.id, files);
  return { page: join(target, pageFile), files };
}
