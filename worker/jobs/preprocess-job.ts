import { declarationOf } from '../../contracts/pipeline.js';
import { DomainError, type ErrorCode } from '../../domain/domain-error.js';
import { keyOfWork, digestOfJson } from '../../domain/plan/key.js';
import { casesPerShard, unitId } from '../../domain/plan/units.js';
import type { ArtifactContent, ArtifactStore, StoredBlob } from '../../storage/store/artifact-store.js';
import type { RejectedCase } from '../../storage/datasets/case-files.js';
import { withoutRoot, type Scan } from '../../storage/datasets/scan-cases.js';
import { FileDigests } from '../../storage/files/file-digests.js';
import { prepareScannedCase } from '../../storage/cases/prepare-scanned-case.js';
import { encodePreparedCase, type PreparedRef, type PreparedShard } from '../../storage/cases/prepared-cases.js';
import { readNumericEnvironment } from '../../storage/machine/runtime-record.js';
import { parametersOf, readSweepContent, readSweepRecord } from '../../storage/sweeps/sweep-records.js';
import { readInput } from '../../storage/sweeps/step-inputs.js';
import { Interrupted, type JobContext } from './job-context.js';

/**
 * Prepares a shard of a data set's cases. Each case is an artifact of its own, so a case that is there already is not
 * computed again. All faulty cases of the shard are named before it is given up; or, where the config says so, they are
 * left out and listed in the summary.
 */
export async function preprocessJob(context: JobContext): Promise<ArtifactContent> {
  const { request, store, folder, onProgress } = context;
  const { dataSet: name = '', shard = 0 } = request.coordinates;
  const content = await readSweepContent(store, request.specification);
  const location = (await readSweepRecord(folder, request.sweepId)).locations[name];
  const dataSet = content.config.dataSets.find((candidate) => candidate.name === name);
  if (dataSet === undefined || location === undefined) {
    throw new DomainError('ARGUMENT_INVALID', `the sweep has no data set "${name}"`);
  }
  const scan = (await readInput(store, request, unitId('scan', { dataSet: name }))) as Scan;
  const cases = scan.cases.slice(shard * casesPerShard, (shard + 1) * casesPerShard);
  const parameters = parametersOf(content, 'preprocess', request.coordinates);
  const digests = new FileDigests(folder.fileDigests);
  const environment = await readNumericEnvironment();

  const prepared: PreparedRef[] = [];
  const objects: Record<string, StoredBlob> = {};
  const excluded: RejectedCase[] = [];
  const faults: string[] = [];
  for (const own of cases) {
    if (context.signal.aborted) throw new Interrupted();
    const images = own.images.map(({ modality, digest, channel }) => ({ modality, digest, channel }));
    const inputs = [
      { unit: 'files', digest: digestOfJson({ images, label: own.label.digest, labelOutlines: own.labelOutlines }) },
    ];
    const { version } = declarationOf('preprocess');
    const key = keyOfWork({
      step: 'preprocess',
      version,
      parameters: digestOfJson(parameters),
      coordinates: {},
      inputs: { files: inputs[0]?.digest ?? '' },
    });
    try {
      const found = await store.find(key);
      const work = {
        step: 'preprocess' as const,
        key,
        unit: 'preprocess one case',
        version,
        parameters,
        inputs,
        environment,
      };
      const compute = async (): Promise<ArtifactContent> =>
        encodePreparedCase(await prepareScannedCase(own, { location, digests, dataSet }));
      const ref = found ?? (await store.put(work, await compute()));
      Object.assign(objects, await objectsOf(store, ref.digest));
      prepared.push({ id: own.id, participant: own.participant, artifact: ref.digest, images: digestOfJson(images) });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (dataSet.onInvalidCase === 'exclude' && faultsOfData.includes(error.code)) {
        excluded.push({ id: own.id, reason: withoutRoot(error.message, location) });
      } else {
        faults.push(`case "${own.id}": ${error.message}`);
      }
    }
    onProgress({ phase: 'case', done: prepared.length + excluded.length + faults.length, total: cases.length });
  }
  if (faults.length > 0) throw new DomainError('DATA_SET_INVALID', faults.join('\n'));
  const summary: PreparedShard = { cases: prepared, ...(excluded.length > 0 && { excluded }) };
  return { files: objects, summary };
}

/**
 * All that a case's artifact consists of in the store. A shard lists it as its own, so that a shard of which a case has
 * been deleted by hand counts as incomplete, like any artifact, and is made again.
 */
async function objectsOf(store: ArtifactStore, digest: string): Promise<Record<string, StoredBlob>> {
  const { byteLength: size } = await store.readBlob(digest);
  const { files } = await store.manifest(digest);
  const named = Object.entries({ ...files, manifest: { digest, size } });
  return Object.fromEntries(named.map(([name, blob]) => [`${digest}/${name}`, blob]));
}

/** What another look at the same bytes would find again; a file that could not be read just now is not of this kind. */
const faultsOfData: readonly ErrorCode[] = [
  'ARGUMENT_INVALID',
  'FILE_FORMAT_INVALID',
  'FILE_TOO_LARGE',
  'IMAGE_SHAPE_MISMATCH',
  'IMAGE_GEOMETRY_MISMATCH',
  'IMAGE_VALUES_INVALID',
  'LABEL_INVALID',
];
