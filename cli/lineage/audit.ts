import { digestOfJson } from '../../domain/plan/key.js';
import { parseUnitName } from '../../domain/plan/unit-name.js';
import { randomStream } from '../../domain/random/random-stream.js';
import type { ArtifactStore } from '../../storage/store/artifact-store.js';
import type { DataFolder } from '../../storage/store/data-folder.js';
import type { RecordedWork } from '../../storage/store/work-records.js';
import { readSweepContent } from '../../storage/sweeps/sweep-content.js';
import { readSweepRecord } from '../../storage/sweeps/sweep-records.js';
import type { Finding } from '../../storage/verify/finding.js';
import { dependentsOf } from '../../storage/verify/ownership.js';
import { makeScratchFolder } from '../../storage/verify/scratch-folder.js';
import { readManifest } from '../../storage/verify/stored-artifacts.js';
import type { StoreView } from '../../storage/verify/verify-store.js';
import { pipeline, stepNamed } from '../../steps/pipeline.js';
import { report } from '../../steps/report.js';
import { scan } from '../../steps/scan.js';
import { inputsByDigest } from '../../steps/step-inputs.js';
import type { ChildRequest } from '../../worker/compute-messages.js';
import { computeAgain } from './compute-again.js';

/**
 * The works that can be computed again: not scans, which read the data sets (`--deep` does that), not reports, which
 * print what the log said when they were made, and not those of other versions of their step.
 */
function auditable(works: readonly RecordedWork[]): RecordedWork[] {
  const versions = new Map(pipeline.map(({ name, version }) => [name, version]));
  return works.filter(
    ({ step, version, unit }) =>
      versions.get(step) === version && ![scan.name, report.name].includes(step) && parseUnitName(unit) !== undefined,
  );
}

/** A share of the works, at least one: the same ones for the same seed. */
export function sampleOf(works: readonly RecordedWork[], share: number, seed: string): RecordedWork[] {
  const random = randomStream(seed, 'audit');
  const left = auditable(works).sort((a, b) => (a.key < b.key ? -1 : 1));
  const count = Math.ceil(share * left.length);
  return Array.from({ length: count }, () => left.splice(random.integerBelow(left.length), 1)).flat();
}

export interface Audit {
  /** Units that were computed again. */
  readonly units: readonly string[];
  /** Units of sweeps that are no longer there. */
  readonly skipped: readonly string[];
  readonly findings: readonly Finding[];
}

/** Computes works again, apart from all results, and compares the bytes. */
export async function audit(
  { view, store }: { readonly view: StoreView; readonly store: ArtifactStore },
  works: readonly RecordedWork[],
  onUnit: (unit: string, done: number) => void,
): Promise<Audit> {
  const computed: string[] = [];
  const skipped: string[] = [];
  const findings: Finding[] = [];
  const { scratch, remove } = await makeScratchFolder(view.folder);
  try {
    for (const work of works) {
      onUnit(work.unit, computed.length + skipped.length);
      const { units, sweeps } = await dependentsOf(view.folder, view.ownership, [work.digest]);
      const job = await jobOf(view.folder, store, { work, sweeps });
      if (job === undefined) {
        skipped.push(work.unit);
        continue;
      }
      computed.push(work.unit);
      const problem = await differenceOf(view.folder, work, { job, dataFolder: scratch.root });
      if (problem === undefined) continue;
      findings.push({ about: 'unit', path: work.unit, problem, of: [], dependents: units, sweeps, repairable: false });
    }
  } finally {
    await remove();
  }
  return { units: computed, skipped, findings };
}

/** The job that did the work, from a sweep that gives it the same settings. */
async function jobOf(
  folder: DataFolder,
  store: ArtifactStore,
  { work, sweeps }: { readonly work: RecordedWork; readonly sweeps: readonly string[] },
): Promise<ChildRequest['job'] | undefined> {
  const { unit, key, inputs, gaps = [], parameters } = work;
  const step = stepNamed(work.step);
  const coordinates = parseUnitName(unit)?.coordinates ?? {};
  for (const sweepId of sweeps) {
    const { specification } = await readSweepRecord(folder, sweepId);
    const content = await readSweepContent(store, specification);
    if (digestOfJson(step.settingsAt(content, coordinates)) !== digestOfJson(parameters)) continue;
    return {
      ...{ step: step.name, unit, stallSeconds: step.heartbeatSeconds },
      request: { sweepId, specification, coordinates, key, inputs: inputsByDigest(inputs), gaps },
      numerics: step.numericsAt(content, coordinates),
    };
  }
  return undefined;
}

/** How the work's result differs from what it was; undefined if it does not. */
async function differenceOf(
  folder: DataFolder,
  work: RecordedWork,
  request: ChildRequest,
): Promise<string | undefined> {
  let digest: string;
  try {
    ({ digest } = (await computeAgain(request)).ref);
  } catch (error) {
    return `it could not be computed again: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (digest === work.digest) return undefined;
  const before = await readManifest(folder, work.digest);
  const now = await readManifest(folder, digest);
  const names = Object.keys({ ...before?.files, ...now?.files });
  const differing = names.filter((name) => before?.files[name]?.digest !== now?.files[name]?.digest);
  const what = differing.length === 0 ? 'its summary differs' : `${differing.sort().join(', ')} differ`;
  return `computed again, it has other bytes: ${what}; it was recorded with ${machineOf(work.environment)}`;
}

function machineOf({ processor, gpus, tensorflow }: RecordedWork['environment']): string {
  const build = typeof tensorflow === 'string' ? `TensorFlow ${tensorflow}` : undefined;
  return [gpus ?? processor, build].filter((fact) => typeof fact === 'string').join(', ');
}
