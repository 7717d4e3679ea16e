import { z } from 'zod';

import { DomainError, type ErrorCode } from '../domain/domain-error.js';
import { defaultMaxVoxels } from '../domain/preprocess/output-size.js';
import { wantOfMemory } from '../domain/want-of-memory.js';
import { digestOfJson } from '../domain/plan/key.js';
import { casesPerShard } from '../domain/plan/units.js';
import { CaseWarnings } from '../domain/results/case-warnings.js';
import { excludeHint } from '../storage/datasets/case-collection.js';
import { withoutRoot } from '../storage/datasets/scan-cases.js';
import { FileDigests } from '../storage/files/file-digests.js';
import type { StoredBlob } from '../storage/store/artifact-store.js';
import { imagesOf, objectsOf, prepareOnce } from './prepare-once.js';
import { caseWarning, rejectedCase, scan } from './scan.js';
import { defineStep, Interrupted } from './step.js';

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
  /** What a user should know of cases that could be prepared and their quality does not tell. */
  warnings: z.array(caseWarning).exactOptional(),
  /** The values of `label.anyOf` that masks have; absent if there is none. */
  structureValues: z.array(z.number()).exactOptional(),
});

const name = 'preprocess';
const version = 12;

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
    const warnings = new CaseWarnings();
    const structureValues = new Set<number>();
    const faults: string[] = [];
    let isExcludable = true;
    for (const own of cases) {
      if (signal.aborted) throw new Interrupted();
      onCase?.(own.id);
      try {
        const found = await prepareOnce(own, { name, version, settings, digests, surroundings });
        Object.assign(files, await objectsOf(surroundings.store, found.artifacts));
        const images = digestOfJson(imagesOf(own));
        prepared.push({ id: own.id, participant: own.participant, artifact: found.of, images });
        for (const warning of found.warnings) warnings.add(warning, own.id);
        for (const value of found.structureValues) structureValues.add(value);
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
      // If all are faulty, it is the settings that do not fit them.
      const someAreFine = faults.length < cases.length;
      const hint = isExcludable && someAreFine && settings.onInvalidCase !== 'exclude' ? [excludeHint] : [];
      throw new DomainError('DATA_SET_INVALID', [...faults, ...hint].join('\n'));
    }
    const told = warnings.list();
    return {
      files,
      summary: {
        cases: prepared,
        ...(excluded.length > 0 && { excluded }),
        ...(told.length > 0 && { warnings: told }),
        ...(structureValues.size > 0 && { structureValues: [...structureValues].sort((a, b) => a - b) }),
      },
    };
  },
});

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
