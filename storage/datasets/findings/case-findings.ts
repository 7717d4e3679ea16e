import type { DataSetConfig } from '../../../configs/config-schema.js';
import { nonFiniteRemarks } from '../../../domain/formats/image-remarks.js';
import { DomainError } from '../../../domain/domain-error.js';
import { formatShape, voxelCount, type Grid } from '../../../domain/image/grid.js';
import { preprocessCase, type CaseQuality } from '../../../domain/preprocess/preprocess-case.js';
import { countStructure } from '../../../domain/preprocess/mask/mask.js';
import { unpredictableReasons } from '../../../domain/preprocess/mask/structure-quality.js';
import { wantOfMemory } from '../../../domain/want-of-memory.js';
import type { CaseFiles } from '../case-files.js';
import { alignmentRemarks, CaseRemarks, remarkText, repeatRemarks, shiftRemarks } from '../case-remarks.js';
import { readCase, type CaseReadingSettings, type ReadCase } from '../read-case.js';
import type { Finding } from './finding.js';
import { extentOf, type StructureExtent } from './structure-fault.js';

export interface ReadFindings {
  readonly findings: readonly Finding[];
  /** Undefined if the mask could not be read. */
  readonly extent: StructureExtent | undefined;
  /** Undefined if the case could not be prepared. */
  readonly quality: CaseQuality | undefined;
  /** The values of `label.anyOf` that the mask has; undefined if it could not be read. */
  readonly structureValues: readonly number[] | undefined;
}

/** Reads and prepares a case as a sweep would; an error if that fails, and warnings of all that is odd about it. */
export async function caseFindings(
  files: CaseFiles,
  dataSet: DataSetConfig & Pick<CaseReadingSettings, 'upsampling'>,
): Promise<ReadFindings> {
  const errors: string[] = [];
  const warnings: string[] = [];
  let extent: StructureExtent | undefined;
  let quality: CaseQuality | undefined;
  let structureValues: readonly number[] | undefined;
  const remarks = new CaseRemarks();
  try {
    const read = await readCase(files, dataSet, { remarks });
    structureValues = read.structureValues;
    extent = extentOf(countStructure(read.label.map), read.label.map.grid.shape);
    const prepared = preprocessCase(read);
    quality = prepared.quality;
    warnings.push(
      ...paddingWarnings(prepared.grid, read),
      ...structureWarnings(quality),
      ...imageWarnings(quality, read),
    );
  } catch (cause) {
    const error = wantOfMemory(cause);
    // Even a bug must not lose the findings of all other cases.
    errors.push(error instanceof DomainError ? error.message : `unexpected error: ${String(error)}`);
  }
  const findings = [
    ...errors.map((message): Finding => ({ severity: 'error', message })),
    // What is odd about the files is often why they cannot be read or prepared.
    ...[...remarks.list().map(remarkText), ...warnings].map((message): Finding => ({ severity: 'warning', message })),
  ];
  return { findings, extent, quality, structureValues };
}

/** How many times the voxels of a prepared image a crop may have. */
const mostPadding = 8;

function paddingWarnings({ shape }: Grid, { settings: { crop } }: ReadCase): string[] {
  const voxels = crop.reduce((product, length) => product * length, 1);
  if (voxels <= mostPadding * voxelCount(shape)) return [];
  return [`the crop of ${crop.join('×')} voxels is mostly padding: its prepared image has ${formatShape(shape)}`];
}

function structureWarnings(quality: CaseQuality): string[] {
  const { structureVoxelsBefore: before, structureVoxelsAfter: after } = quality;
  const warnings: string[] = [];
  if (before > 0 && after === 0) warnings.push('resampling removes its whole structure');
  const lost = unpredictableParts(quality);
  if (lost.length > 0) {
    warnings.push(`networks cannot predict part of its structure (${lost.join(', ')}), which ΔV leaves out`);
  }
  return warnings;
}

/** `12.5 % outside the crop`, for each reason that applies. */
function unpredictableParts({ unpredictable, volumeBefore }: CaseQuality): string[] {
  return unpredictableReasons
    .filter(({ reason }) => unpredictable[reason] > 0)
    .map(({ reason, label }) => `${Number(((100 * unpredictable[reason]) / volumeBefore).toPrecision(3))} % ${label}`);
}

function imageWarnings(quality: CaseQuality, { images, settings, nonFiniteVoxels }: ReadCase): string[] {
  const warnings: string[] = [];
  const shape = images[0]?.image.grid.shape;
  if (settings.dimensions === 3 && shape?.includes(1) === true) {
    warnings.push(`it has ${shape.join('×')} voxels, which is 2D, although the data set is 3D`);
  }
  for (const [channel, { modality }] of images.entries()) {
    const range = quality.intensities[channel];
    if (range !== undefined && range.lowest === range.highest) {
      warnings.push(`${modality} is ${range.lowest} at every voxel, so it contains no information`);
    }
  }
  warnings.push(...repeatRemarks(images), ...shiftRemarks(quality), ...alignmentRemarks(quality));
  warnings.push(...nonFiniteRemarks(nonFiniteVoxels));
  return warnings;
}
