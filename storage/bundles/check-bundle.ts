import { stat } from 'node:fs/promises';

import { DomainError } from '../../domain/domain-error.js';
import { objectPath, type DataFolder } from '../store/data-folder.js';
import { inspectLog } from '../store/log-inspection.js';
import { missingInput } from '../store/work-records.js';
import { readSweepRecord } from '../sweeps/sweep-records.js';
import { readSweepResult } from '../sweeps/sweep-results.js';
import { keyOfRecord } from '../verify/record-key.js';
import { readManifest, shardedFiles } from '../verify/stored-artifacts.js';
import { invalidBundle, type BundleHeader } from './bundle-format.js';
import { objectsOfSweep } from './bundled-objects.js';
import { recordsOfSweep, worksIn, type BundledRecord } from './bundled-records.js';

/**
 * What an unpacked bundle says of its sweep, once it was checked: the log is whole and has the head that the bundle names,
 * each record has the key of its work, each result is complete, and there is nothing that the sweep does not need.
 * FILE_FORMAT_INVALID if not.
 */
export async function checkBundle(
  path: string,
  staging: DataFolder,
  { sweep, head }: BundleHeader,
): Promise<BundledRecord[]> {
  const invalid = (reason: string): DomainError => invalidBundle(path, reason);
  const log = await inspectLog(staging.lineageLog);
  const [damage] = log.damages;
  if (damage !== undefined) throw invalid(`line ${damage.line} of its log: ${damage.problem}`);
  if (log.digests.at(-1) !== head || log.incompleteBytes > 0) throw invalid('its log does not end with its head');
  const objects = new Set((await shardedFiles(staging.objects)).map(({ name }) => name));
  const records = recordsOfSweep(log, { sweep, objects });
  const works = worksIn(records);
  for (const work of works) {
    const { unit, key, digest } = work;
    if (keyOfRecord(work) !== key) throw invalid(`its record of ${unit} has the key of other work`);
    await expectComplete(staging, { unit, digest }, invalid);
  }
  const missing = missingInput(works);
  if (missing !== undefined) throw invalid(`it lacks the result of ${missing}`);
  try {
    const { specification } = await readSweepRecord(staging, sweep);
    const report = (await readSweepResult(staging, sweep))?.report?.digest;
    const made = works.some(({ digest }) => digest === report);
    if (report !== undefined && !made) throw invalid('it lacks the report of its sweep');
    if (!objects.has(specification)) throw invalid('it lacks the config of its sweep');
  } catch (error) {
    if (!(error instanceof DomainError) || error.code === 'FILE_FORMAT_INVALID') throw error;
    throw invalid(error.message);
  }
  const needed = await objectsOfSweep(staging, sweep, records);
  const foreign = [...objects].find((digest) => !needed.has(digest));
  if (foreign !== undefined) throw invalid(`no record of its sweep names the object ${foreign}`);
  return records;
}

async function expectComplete(
  staging: DataFolder,
  { unit, digest }: { readonly unit: string; readonly digest: string },
  invalid: (reason: string) => DomainError,
): Promise<void> {
  const manifest = await readManifest(staging, digest);
  if (manifest === undefined) throw invalid(`the result of ${unit} is not as a result should be`);
  for (const file of Object.values(manifest.files)) {
    const size = await stat(objectPath(staging, file.digest)).then(
      (found) => found.size,
      () => undefined,
    );
    if (size !== file.size) throw invalid(`a file of the result of ${unit} is missing, or has another size`);
  }
}
