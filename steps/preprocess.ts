import { z } from 'zod';

import { DomainError, type ErrorCode } from '../domain/domain-error.js';
import { defaultMaxVoxels } from '../domain/preprocess/output-size.js';
import { wantOfMemory } from '../domain/want-of-memory.js';
import { digestOfJson, keyOfWork } from '../domain/plan/key.js';
import { casesPerShard } from '../domain/plan/units.js';
import { encodePreparedCase } from '../storage/cases/prepared-cases.js';
import { prepareScannedCase } from '../storage/cases/prepare-scanned-case.js';
import { excludeHint } from '../storage/datasets/case-collection.js';
import type { CaseReadingSettings } from '../storage/datasets/read-case.js';
import { contentOf, withoutRoot, type ScannedCase } from '../storage/datasets/scan-cases.js';
import { FileDigests } from '../storage/files/file-digests.js';
import type { ArtifactContent, ArtifactStore, StoredBlob } from '../storage/store/artifact-store.js';
import { rejectedCase, scan } from './scan.js';
import { defineStep, Interrupted, type Surroundings } from './step.js';

/** A prepared case's artifact, by the names that the data set gives it. */
export const preparedCase = z.strictObject({
  id: z.string(),
  participant: z.string(),
  /** Digest of the case's artifact. */
  artifact: z.string(),
  /** Digest of the original images, to know a picture that is there twice. */
  images: z.string(),
});

const summary = z.strictObject({
  cases: z.array(preparedCase),
  /** Faulty cases that the config leaves out; absent if there is none. */
  excluded: z.array(rejectedCase).exactOptional(),
});

const name = 'preprocess';
const version = 11;

/**
 * Prepares a shard of a data set's cases. Each case is an artifact of its own, so a case that is there already is not
 * computed again. All faulty cases of the shard are named before it is given up; or, where the config says so, they are
 * left out and listed in the summary.
 */
export const preprocess = defineStep({
  name,
  version,
  does: 'resamples images and masks, cuts regions of interest, takes moments of intensities',
  needs: [scan],
  fanOut: 'shard',
  queue: 'data',
  startToCloseHours: 24,
  heartbeatSeconds: 300,
  ownProcess: true,
  settings: ({ config: { network }, dataSet }) => {
    const {
      modalities,
      label,
      nonFinite,
      overrideSpacingMm,
      gridToleranceVoxels,
      volume,
      onInvalidCase,
      preprocessing,
    } = dataSet;
    const { spacingMm, resampling, antiAlias, align, roi, mask, crop, maxVoxels } = preprocessing;
    return {
      ...{ modalities, label, spacingMm, resampling, roi, mask, crop },
      // How much of the crop networks predict.
      upsampling: network.upsampling,
      // What most data sets leave at its default is named where it differs.
      ...(maxVoxels !== defaultMaxVoxels && { maxVoxels }),
      ...(nonFinite === 'zero' && { nonFinite }),
      ...(antiAlias === 'gaussian' && { antiAlias }),
      ...(align === 'toFirst' && { align }),
      ...(overrideSpacingMm !== undefined && { overrideSpacingMm }),
      ...(gridToleranceVoxels !== undefined && { gridToleranceVoxels }),
      ...(volume !== undefined && { volume }),
      ...(onInvalidCase === 'exclude' && { onInvalidCase }),
    };
  },
  summary,
  run: async ({ settings, place: { shard }, inputs, ...surroundings }) => {
    const { location, signal, onProgress, onCase } = surroundings;
    const scanned = (await inputs.one(scan)).summary.cases;
    const cases = scanned.slice(shard * casesPerShard, (shard + 1) * casesPerShard);
    const digests = new FileDigests(surroundings.folder.fileDigests);
    const prepared: z.infer<typeof preparedCase>[] = [];
    const files: Record<string, StoredBlob> = {};
    const excluded: z.infer<typeof rejectedCase>[] = [];
    const faults: string[] = [];
    let isExcludable = true;
    for (const own of cases) {
      if (signal.aborted) throw new Interrupted();
      onCase?.(own.id);
      try {
        const artifact = await prepareOnce(own, { settings, digests, surroundings });
        Object.assign(files, await objectsOf(surroundings.store, artifact));
        prepared.push({ id: own.id, participant: own.participant, artifact, images: digestOfJson(imagesOf(own)) });
      } catch (cause) {
        const error = wantOfMemory(cause);
        if (!(error instanceof DomainError)) throw error;
        // Not a fault of the case: there may be more memory when it is tried again.
        if (error.code === 'OUT_OF_MEMORY') throw new DomainError(error.code, `case "${own.id}": ${error.message}`);
        if (settings.onInvalidCase === 'exclude' && faultsOfData.includes(error.code)) {
          excluded.push({ id: own.id, reason: withoutRoot(error.message, location) });
        } else if (faultsOfStore.includes(error.code)) {
          throw error;
        } else {
          isExcludable &&= faultsOfData.includes(error.code);
          faults.push(`case "${own.id}": ${error.message}`);
        }
      }
      onProgress({ phase: 'case', done: prepared.length + excluded.length + faults.length, total: cases.length });
    }
    if (faults.length > 0) {
      const hint = isExcludable && settings.onInvalidCase !== 'exclude' ? [excludeHint] : [];
      throw new DomainError('DATA_SET_INVALID', [...faults, ...hint].join('\n'));
    }
    return { files, summary: { cases: prepared, ...(excluded.length > 0 && { excluded }) } };
  },
});

type PreparationSettings = Omit<CaseReadingSettings, 'preprocessing' | 'nonFinite'> &
  Omit<CaseReadingSettings['preprocessing'], 'align' | 'antiAlias' | 'maxVoxels'> & {
    readonly antiAlias?: 'gaussian';
    readonly align?: 'toFirst';
    readonly maxVoxels?: number;
    readonly nonFinite?: 'zero';
  };

/** The digest of a case's artifact, which is made if the store has none. */
async function prepareOnce(
  own: ScannedCase,
  {
    settings,
    digests,
    surroundings: { store, environment, location, drawPhantom },
  }: {
    readonly settings: PreparationSettings;
    readonly digests: FileDigests;
    readonly surroundings: Pick<Surroundings, 'store' | 'environment' | 'location' | 'drawPhantom'>;
  },
): Promise<string> {
  const images = imagesOf(own);
  const files = digestOfJson({ images, label: contentOf(own.label), labelOutlines: own.labelOutlines });
  const parameters = digestOfJson(settings);
  const key = keyOfWork({ step: name, version, parameters, coordinates: {}, inputs: { files } });
  const found = await store.find(key);
  if (found !== undefined) return found.digest;
  const compute = async (): Promise<ArtifactContent> => {
    await drawPhantom();
    const {
      label,
      overrideSpacingMm,
      gridToleranceVoxels,
      volume,
      nonFinite = 'error' as const,
      antiAlias = 'none' as const,
      align = 'none' as const,
      maxVoxels = defaultMaxVoxels,
      upsampling,
      ...others
    } = settings;
    const preprocessing = { ...others, antiAlias, align, maxVoxels };
    const dataSet = { label, overrideSpacingMm, gridToleranceVoxels, volume, nonFinite, upsampling, preprocessing };
    return encodePreparedCase(await prepareScannedCase(own, { location, digests, dataSet }));
  };
  const inputs = [{ unit: 'files', digest: files }];
  const work = { step: name, key, unit: `${name} one case`, version, parameters: settings, inputs, environment };
  return (await store.put(work, await compute())).digest;
}

function imagesOf({ images }: ScannedCase): object[] {
  return images.map((file) => ({ modality: file.modality, digest: contentOf(file), channel: file.channel }));
}

/**
 * All that a case's artifact consists of in the store. A shard lists it as its own, so that a shard of which a case is
 * lost counts as incomplete, like any artifact, and is made again.
 */
async function objectsOf(store: ArtifactStore, digest: string): Promise<Record<string, StoredBlob>> {
  const { byteLength: size } = await store.readBlob(digest);
  const { files } = await store.manifest(digest);
  const named = Object.entries({ ...files, manifest: { digest, size } });
  return Object.fromEntries(named.map(([file, blob]) => [`${digest}/${file}`, blob]));
}

/** No faults of the case. */
const faultsOfStore: readonly ErrorCode[] = ['STORE_CORRUPT', 'STORE_UNREACHABLE', 'CONFIG_INVALID'];

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
