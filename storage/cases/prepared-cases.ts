import { z } from 'zod';

import { DomainError } from '../../domain/domain-error.js';
import { encodeNifti } from '../../domain/formats/encode-nifti.js';
import { voxelCount, type Grid } from '../../domain/image/grid.js';
import type { Moments } from '../../domain/preprocess/moments.js';
import type { CaseQuality, PreparedCase } from '../../domain/preprocess/preprocess-case.js';
import type { ArtifactContent, ArtifactStore } from '../store/artifact-store.js';

const triple = z.tuple([z.number(), z.number(), z.number()]);
const row = z.tuple([z.number(), z.number(), z.number(), z.number()]);
const grid: z.ZodType<Grid> = z.strictObject({ shape: triple, spacingMm: triple, affine: z.tuple([row, row, row]) });

export const moments: z.ZodType<Moments> = z.strictObject({ count: z.int(), mean: z.number(), m2: z.number() });

export const caseQuality: z.ZodType<CaseQuality> = z.strictObject({
  structureVoxelsBefore: z.int(),
  structureVoxelsAfter: z.int(),
  volumeBefore: z.number(),
  volumeAfter: z.number(),
  croppedAwayStructureVoxels: z.int(),
  intensities: z.array(z.strictObject({ lowest: z.number(), highest: z.number() })),
  nonFiniteVoxels: z.int().exactOptional(),
  aligned: z.array(z.strictObject({ modality: z.string(), outsideVoxels: z.int() })).exactOptional(),
});

const preparedSummary = z.strictObject({
  grid,
  channels: z.int(),
  masked: z.boolean(),
  moments: z.array(moments),
  quality: caseQuality,
});

/** What all steps except training and evaluation need of a prepared case. */
export type PreparedSummary = Readonly<z.infer<typeof preparedSummary>>;

/** A prepared case's voxels: one array for each modality, not normalised. */
export interface PreparedVoxels {
  readonly grid: Grid;
  readonly images: readonly Float32Array[];
  readonly label: Uint8Array;
  readonly mask?: Uint8Array;
}

export function voxelsOf({ grid, images, label, mask }: PreparedCase): PreparedVoxels {
  const arrays = { grid, images: images.map(({ values }) => values), label: label.values };
  return mask === undefined ? arrays : { ...arrays, mask: mask.values };
}

/** Offset of the voxels in the NIfTI files that volbias writes. */
const voxelsBegin = 352;

/** NIfTI files, for any viewer: images.nii (one channel for each modality), label.nii and, with a mask, mask.nii. */
export function encodePreparedCase({ grid, images, label, mask, moments, quality }: PreparedCase): ArtifactContent {
  const size = voxelCount(grid.shape);
  const values = new Float32Array(size * images.length);
  images.forEach((image, channel) => {
    values.set(image.values, channel * size);
  });
  const summary: PreparedSummary = {
    grid,
    channels: images.length,
    masked: mask !== undefined,
    moments: [...moments],
    quality,
  };
  return {
    files: {
      'images.nii': encodeNifti({ grid, values, channels: images.length }),
      'label.nii': encodeNifti({ grid, values: label.values }),
      ...(mask !== undefined && { 'mask.nii': encodeNifti({ grid, values: mask.values }) }),
    },
    summary,
  };
}

export async function readPreparedSummary(store: ArtifactStore, artifact: string): Promise<PreparedSummary> {
  return summaryOf((await store.manifest(artifact)).summary, artifact);
}

function summaryOf(value: unknown, artifact: string): PreparedSummary {
  const { success, data } = preparedSummary.safeParse(value);
  if (!success) throw new DomainError('STORE_CORRUPT', `the prepared case ${artifact} has an unexpected form`);
  return data;
}

export async function readPreparedVoxels(store: ArtifactStore, artifact: string): Promise<PreparedVoxels> {
  const manifest = await store.manifest(artifact);
  const { grid, channels, masked } = summaryOf(manifest.summary, artifact);
  const size = voxelCount(grid.shape);
  const bytes = async (name: string, expected: number): Promise<Uint8Array> => {
    const file = await store.readFile(manifest, name);
    if (file.byteLength !== voxelsBegin + expected) {
      throw new DomainError('STORE_CORRUPT', `${name} of artifact ${artifact} has ${String(file.byteLength)} bytes`);
    }
    // A copy, because Node's small buffers share memory at arbitrary offsets, and float32 needs a multiple of four.
    // Not `slice`, which for a Buffer returns a view.
    return new Uint8Array(file.subarray(voxelsBegin));
  };
  const values = new Float32Array((await bytes('images.nii', 4 * size * channels)).buffer);
  return {
    grid,
    images: Array.from({ length: channels }, (_, channel) => values.subarray(channel * size, (channel + 1) * size)),
    label: await bytes('label.nii', size),
    ...(masked && { mask: await bytes('mask.nii', size) }),
  };
}
