import { sha256OfFileSync } from '../../storage/files/sha256.js';
import { fileError } from '../../storage/files/file-errors.js';
import { allFilesOf, pathOf } from '../../storage/datasets/scan-cases.js';
import type { RecordedWork } from '../../storage/store/work-records.js';
import type { SweepContent } from '../../storage/sweeps/sweep-content.js';
import { locationOf, readSweepRecord } from '../../storage/sweeps/sweep-records.js';
import type { Finding } from '../../storage/verify/finding.js';
import { readManifest } from '../../storage/verify/stored-artifacts.js';
import { dependentsOf } from '../../storage/verify/ownership.js';
import type { StoreView } from '../../storage/verify/verify-store.js';
import { summaryOf } from '../step-inputs.js';
import { pipeline } from '../pipeline.js';
import { scan } from '../scan.js';
import { parseUnitName } from '../../domain/plan/unit-name.js';

/** Results whose summary does not have the form that their step declares. */
export async function verifySummaries({ folder }: StoreView, works: readonly RecordedWork[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { step: name, version, unit, digest } of works) {
    const step = pipeline.find((candidate) => candidate.name === name);
    // A prepared case is no unit, and has a form of its own. Other versions of a step may have had another form.
    if (step?.version !== version || parseUnitName(unit) === undefined) continue;
    const manifest = await readManifest(folder, digest);
    if (manifest === undefined) continue;
    try {
      summaryOf(step, manifest.summary, unit);
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      const nothing = { dependents: [], sweeps: [], repairable: false };
      findings.push({ ...nothing, about: 'summary', path: digest, problem, of: [unit] });
    }
  }
  return findings;
}

/**
 * Files of a sweep's data sets that are missing or are not those that the scan found. Reads all of them, unlike a scan,
 * which trusts size and time.
 */
export async function verifyInputs(
  view: StoreView,
  { id, content }: { readonly id: string; readonly content: SweepContent },
  works: readonly RecordedWork[],
): Promise<Finding[]> {
  const record = await readSweepRecord(view.folder, id);
  const findings: Finding[] = [];
  for (const work of works.filter(({ step }) => step === scan.name)) {
    const manifest = await readManifest(view.folder, work.digest);
    const location = locationOf(view.folder, content, record, parseUnitName(work.unit)?.coordinates.dataSet ?? '');
    if (manifest === undefined || location.root === '') continue;
    const { cases } = summaryOf(scan, manifest.summary, work.unit);
    for (const file of cases.flatMap(allFilesOf)) {
      const path = pathOf(location, file);
      const problem = problemOf(path, file.digest);
      if (problem === undefined) continue;
      const { units } = await dependentsOf(view.folder, view.ownership, [work.digest]);
      findings.push({
        about: 'input',
        path,
        problem,
        of: [work.unit],
        dependents: units,
        sweeps: [id],
        repairable: false,
      });
    }
  }
  return findings;
}

function problemOf(path: string, digest: string): string | undefined {
  try {
    return sha256OfFileSync(path) === digest ? undefined : 'it has changed since the sweep read it';
  } catch (error) {
    return fileError(path, error).message.replace(`${path}: `, '');
  }
}
