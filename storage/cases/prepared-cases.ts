import { z } from 'zod';

import { DomainError } from '../../domain/domain-error.js';
import { encodeNifti, voxelsBegin } from '../../domain/formats/encode-nifti.js';
import { decodeRunLengths, encodeRunLengths } from '../../domain/formats/run-lengths.js';
import { voxelCount, type CoverageMap, type Grid } from '../../domain/image/grid.js';
import type { Moments } from '../../domain/preprocess/moments.js';
import type { CaseQuality, OriginalStructure, PreparedCase } from '../../domain/preprocess/preprocess-case.js';
import type { PictureWindow } from '../../domain/preprocess/roi.js';
import type { ArtifactContent, ArtifactManifest, ArtifactStore } from '../store/artifact-store.js';

const triple = z.tuple([z.number(), z.number(), z.number()]);
const row = z.tuple([z.number(), z.number(), z.number(), z.number()]);
const grid: z.ZodType<Grid> = z.strictObject({ shape: triple, spacingMm: triple, affine: z.tuple([row, row, row]) });

export const moments: z.ZodType<Moments> = z.strictObject({ count: z.int(), mean: z.number(), m2: z.number() });

export const caseQuality: z.ZodType<CaseQuality> = z.strictObject({
  structureVoxelsBefore: z.int(),
  structureVoxelsAfter: z.number(),
  volumeBefore: z.number(),
  volumeAfter: z.number(),
  unpredictable: z.strictObject({ fieldOfView: z.number(), crop: z.number(), margin: z.number(), mask: z.number() }),
  intensities: z.array(z.strictObject({ lowest: z.number(), highest: z.number() })),
  nonFiniteVoxels: z.int().exactOptional(),
  shifted: z.array(z.strictObject({ of: z.string(), distanceMm: z.number() })).exactOptional(),
  aligned: z.array(z.strictObject({ modality: z.string(), outsideVoxels: z.int() })).exactOptional(),
  shearDegrees: z.number().exactOptional(),
});

const axis = z.strictObject({ length: z.int(), start: z.number(), step: z.number() });

const blocks = z.tuple([z.int(), z.int()]);
const pictureWindow: z.ZodType<PictureWindow> = z.strictObject({ columns: blocks, rows: blocks });

const preparedSummary = z.strictObject({
  grid,
  channels: z.int(),
  /** Absent if all of the image lies within the picture. */
  picture: pictureWindow.exactOptional(),
  masked: z.boolean(),
  /** The label is the share of each voxel that the structure covers, not 0 or 1. */
  soft: z.boolean(),
  /** The grid of the mask as it was drawn, and the prepared grid's axes in its voxels. */
  original: z.strictObject({ grid, axes: z.tuple([axis, axis, axis]) }),
  moments: z.array(moments),
  quality: caseQuality,
});

/** What all steps except training and evaluation need of a prepared case. */
export type PreparedSummary = Readonly<z.infer<typeof preparedSummary>>;

/** A prepared case's voxels: one array for each modality, not normalised. */
export interface PreparedVoxels {
  readonly grid: Grid;
  readonly images: readonly Float32Array[];
  readonly label: CoverageMap['values'];
  readonly picture?: PictureWindow;
  readonly mask?: Uint8Array;
}

export function voxelsOf({ grid, images, label, picture, mask }: PreparedCase): PreparedVoxels {
  return {
    ...{ grid, images: images.map(({ values }) => values), label: label.values },
    ...(picture !== undefined && { picture }),
    ...(mask !== undefined && { mask: mask.values }),
  };
}

/** The mask as it was drawn, in run lengths. */
const originalLabelFile = 'original-label.runs';

/**
 * NIfTI files, for any viewer: images.nii (one channel for each modality), label.nii and, with a mask, mask.nii. Beside
 * them the original mask, in run lengths.
 */
export function encodePreparedCase(prepared: PreparedCase): ArtifactContent {
  const { grid, images, label, original, picture, mask, moments, quality } = prepared;
  const summary: PreparedSummary = {
    grid,
    channels: images.length,
    ...(picture !== undefined && { picture }),
    masked: mask !== undefined,
    soft: label.values instanceof Float32Array,
    original: { grid: original.label.grid, axes: [...original.axes] },
    moments: [...moments],
    quality,
  };
  return {
    files: {
      'images.nii': encodeNifti({ grid, values: images.map(({ values }) => values) }),
      'label.nii': encodeNifti({ grid, values: label.values }),
      [originalLabelFile]: encodeRunLengths(original.label.values),
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
  const { grid, channels, picture, masked, soft } = summaryOf(manifest.summary, artifact);
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
  const label = await bytes('label.nii', soft ? 4 * size : size);
  return {
    grid,
    images: Array.from({ length: channels }, (_, channel) => values.subarray(channel * size, (channel + 1) * size)),
    label: soft ? new Float32Array(label.buffer) : label,
    ...(picture !== undefined && { picture }),
    ...(masked && { mask: await bytes('mask.nii', size) }),
  };
}

/** Voxels of the prepared cases that a shard lists, by the size of their files. */
export function preparedVoxelsIn({ files }: Pick<ArtifactManifest, 'files'>, channels: number): number {
  return Object.entries(files)
    .filter(([name]) => name.endsWith('/images.nii'))
    .reduce((sum, [, { size }]) => sum + (size - voxelsBegin) / (4 * channels), 0);
}

/** The structure of a prepared case before any resampling. */
export async function readOriginalStructure(store: ArtifactStore, artifact: string): Promise<OriginalStructure> {
  const manifest = await store.manifest(artifact);
  const { grid, axes } = summaryOf(manifest.summary, artifact).original;
  const values = decodeRunLengths(await store.readFile(manifest, originalLabelFile), voxelCount(grid.shape));
  return { label: { grid, values }, axes };
}
