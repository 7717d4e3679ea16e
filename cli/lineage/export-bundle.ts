import { DomainError } from '../../domain/domain-error.js';
import { recordsOfSweep, worksIn } from '../../storage/bundles/bundled-records.js';
import { missingInput } from '../../storage/store/work-records.js';
import { objectsOfSweep } from '../../storage/bundles/bundled-objects.js';
import { writeBundle, type WrittenBundle } from '../../storage/bundles/write-bundle.js';
import { inspectLog } from '../../storage/store/log-inspection.js';
import { neededBySweeps } from '../../steps/planning/needed-by-sweeps.js';
import type { Project } from '../project.js';

export interface BundleRequest {
  readonly sweep: string;
  readonly path: string;
}

/** Writes one file with all that a sweep needs of a data folder. STORE_CORRUPT if the log or a needed object is damaged. */
export async function exportBundle(
  project: Project,
  { sweep, path }: BundleRequest,
  onBytes: (done: number, of: number) => void,
): Promise<WrittenBundle> {
  await project.lineage.read();
  const log = await inspectLog(project.folder.lineageLog);
  const needed = await neededBySweeps(project, log.records, [sweep]);
  const records = recordsOfSweep(log, { sweep, objects: needed.objects });
  const missing = missingInput(worksIn(records));
  if (missing !== undefined) {
    const message = `${sweep} lacks the result of ${missing}. Run its config again, then export it`;
    throw new DomainError('STORE_CORRUPT', message);
  }
  const objects = await objectsOfSweep(project.folder, sweep, records);
  return writeBundle(project.folder, { path, sweep, objects, log }, onBytes);
}
