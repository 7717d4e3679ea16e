import { z } from 'zod';

import { DomainError } from '../domain/domain-error.js';
import { defaultMaxVoxels } from '../domain/preprocess/output-size.js';
import { digestOfJson, keyOfWork } from '../domain/plan/key.js';
import { encodePreparedCase } from '../storage/cases/prepared-cases.js';
import { prepareScannedCase } from '../storage/cases/prepare-scanned-case.js';
import type { CaseReadingSettings } from '../storage/datasets/read-case.js';
import { contentOf, type ScannedCase } from '../storage/datasets/scan-cases.js';
import type { FileDigests } from '../storage/files/file-digests.js';
import type { ArtifactStore, StoredBlob } from '../storage/store/artifact-store.js';
import type { WorkRecord } from '../storage/store/work-records.js';
import type { Surroundings } from './step.js';

type PreparationSettings = Omit<CaseReadingSettings, 'preprocessing' | 'nonFinite'> &
  Omit<CaseReadingSettings['preprocessing'], 'align' | 'antiAlias' | 'maxVoxels'> & {
    readonly antiAlias?: 'gaussian';
    readonly align?: 'toFirst';
    readonly maxVoxels?: number;
    readonly nonFinite?: 'zero';
  };

const caseNotes = z.strictObject({
  /** The prepared case that they are about, which sets them apart from those of other cases. */
  of: z.string(),
  warnings: z.array(z.string()),
  structureValues: z.array(z.number()),
});

/** A case's artifact in the store, and what reading its files told. */
export interface PreparedOnce extends Readonly<z.infer<typeof caseNotes>> {
  /** Digests of artifacts: the case's, by `of`, and that of its notes. */
  readonly artifacts: readonly string[];
}

interface PreparingCase {
  readonly name: string;
  readonly version: number;
  readonly settings: PreparationSettings;
  readonly digests: FileDigests;
  readonly surroundings: Pick<Surroundings, 'store' | 'environment' | 'location' | 'drawPhantom'>;
}

/**
 * A case and its notes from the store, or made and stored. The notes are an artifact of their own: trainings depend on the
 * case's, and a reworded warning must not run them again.
 */
export async function prepareOnce(own: ScannedCase, preparing: PreparingCase): Promise<PreparedOnce> {
  const { name, version, settings, digests, surroundings } = preparing;
  const { store, environment, location, drawPhantom } = surroundings;
  const parameters = digestOfJson(settings);
  const workOn = (unit: string, inputs: Readonly<Record<string, string>>): WorkRecord => ({
    ...{ step: name, version, unit: `${name} ${unit}`, parameters: settings, environment },
    key: keyOfWork({ step: name, version, parameters, coordinates: {}, inputs }),
    inputs: Object.entries(inputs).map(([input, digest]) => ({ unit: input, digest })),
  });
  const files = digestOfJson({
    images: imagesOf(own),
    label: contentOf(own.label),
    labelOutlines: own.labelOutlines,
  });
  const workOnCase = workOn('one case', { files });
  const workOnNotes = (digest: string): WorkRecord => workOn('warnings of one case', { case: digest, files });

  const found = await store.find(workOnCase.key);
  if (found !== undefined) {
    const notes = await store.find(workOnNotes(found.digest).key);
    if (notes !== undefined) {
      const told = notesIn((await store.manifest(notes.digest)).summary, notes.digest);
      return { ...told, artifacts: [found.digest, notes.digest] };
    }
  }
  await drawPhantom();
  const { prepared, warnings, structureValues } = await prepareScannedCase(own, {
    ...{ location, digests },
    dataSet: readingSettings(settings),
  });
  const { digest } = await store.put(workOnCase, encodePreparedCase(prepared));
  const summary = { of: digest, warnings: [...warnings], structureValues: [...structureValues] };
  const notes = await store.put(workOnNotes(digest), { files: {}, summary });
  return { ...summary, artifacts: [digest, notes.digest] };
}

function readingSettings({
  label,
  overrideSpacingMm,
  gridToleranceVoxels,
  volume,
  nonFinite,
  upsampling,
  ...preprocessing
}: PreparationSettings): CaseReadingSettings {
  return {
    ...{ label, overrideSpacingMm, gridToleranceVoxels, volume, upsampling },
    nonFinite: nonFinite ?? 'error',
    preprocessing: {
      ...preprocessing,
      antiAlias: preprocessing.antiAlias ?? 'none',
      align: preprocessing.align ?? 'none',
      maxVoxels: preprocessing.maxVoxels ?? defaultMaxVoxels,
    },
  };
}

function notesIn(value: unknown, artifact: string): z.infer<typeof caseNotes> {
  const { success, data } = caseNotes.safeParse(value);
  if (!success) throw new DomainError('STORE_CORRUPT', `the warnings ${artifact} have an unexpected form`);
  return data;
}

export function imagesOf({ images }: ScannedCase): object[] {
  return images.map((file) => ({ modality: file.modality, digest: contentOf(file), channel: file.channel }));
}

/**
 * All that artifacts of a case consist of in the store. A shard lists it as its own, so that a shard of which a case is
 * lost counts as incomplete, like any artifact, and is made again.
 */
export async function objectsOf(
  store: ArtifactStore,
  artifacts: readonly string[],
): Promise<Record<string, StoredBlob>> {
  const objects: Record<string, StoredBlob> = {};
  for (const digest of artifacts) {
    const { byteLength: size } = await store.readBlob(digest);
    const { files } = await store.manifest(digest);
    for (const [file, blob] of Object.entries({ ...files, manifest: { digest, size } })) {
      objects[`${digest}/${file}`] = blob;
    }
  }
  return objects;
}
