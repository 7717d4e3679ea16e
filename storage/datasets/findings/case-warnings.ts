import { nonFiniteRemarks, shearRemark, shearRemarks } from '../../../domain/formats/image-remarks.js';
import { formatShape, voxelCount, type Grid } from '../../../domain/image/grid.js';
import { unpredictableReasons } from '../../../domain/preprocess/mask/structure-quality.js';
import { CaseWarnings, warningLines, type CaseWarning } from '../../../domain/results/case-warnings.js';
import { cutOffWarning } from '../../../domain/results/cut-off.js';
import type { CaseQuality } from '../../../domain/preprocess/preprocess-case.js';
import { alignmentRemarks, remarkText, repeatRemarks, shiftRemarks, type CaseRemarks } from '../case-remarks.js';
import type { ReadCase } from '../read-case.js';

/** What is odd about files, but for the shear, which is in the case's quality. */
export function fileWarnings(remarks: CaseRemarks, { images }: Pick<ReadCase, 'images'>): string[] {
  const shears = new Set(images.flatMap(({ image }) => shearRemarks(image.grid)));
  return remarks
    .list()
    .filter(({ remark }) => !shears.has(remark))
    .map(remarkText);
}

/** How many times the voxels of a prepared image a crop may have. */
const mostPadding = 8;

/** What is odd about images that could be prepared; `grid` is the prepared one. */
export function imageWarnings(quality: CaseQuality, grid: Grid, { images, settings }: ReadCase): string[] {
  const warnings = paddingWarnings(grid, settings.crop);
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
  return [...warnings, ...repeatRemarks(images)];
}

function paddingWarnings({ shape }: Grid, crop: readonly number[]): string[] {
  const voxels = crop.reduce((product, length) => product * length, 1);
  if (voxels <= mostPadding * voxelCount(shape)) return [];
  return [`the crop of ${crop.join('×')} voxels is mostly padding: its prepared image has ${formatShape(shape)}`];
}

/** What preparing a case did to it. */
export function qualityWarnings(quality: CaseQuality): string[] {
  const { structureVoxelsBefore: before, structureVoxelsAfter: after, nonFiniteVoxels = 0 } = quality;
  const vanished = before > 0 && after === 0 ? ['resampling removes its whole structure'] : [];
  return [...vanished, ...shiftRemarks(quality), ...alignmentRemarks(quality), ...nonFiniteRemarks(nonFiniteVoxels)];
}

/** What no network can predict of a case; of a data set as a whole, `cutOffWarning` tells. */
export function unpredictableWarnings({ unpredictable, volumeBefore }: CaseQuality): string[] {
  const parts = unpredictableReasons
    .filter(({ reason }) => unpredictable[reason] > 0)
    .map(({ reason, label }) => `${Number(((100 * unpredictable[reason]) / volumeBefore).toPrecision(3))} % ${label}`);
  if (parts.length === 0) return [];
  return [`networks cannot predict part of its structure (${parts.join(', ')}), which ΔV leaves out`];
}

interface OfQuality {
  readonly id: string;
  readonly quality: CaseQuality;
}

/** All that a user should know of prepared cases, one line for each warning; `told` are those that quality does not give. */
export function preparationLines(cases: readonly OfQuality[], told: readonly CaseWarning[]): string[] {
  const warnings = new CaseWarnings();
  for (const { warning, cases: ids } of told) warnings.add(warning, ...ids);
  for (const { id, quality } of cases) {
    const { shearDegrees } = quality;
    if (shearDegrees !== undefined) warnings.add(shearRemark(shearDegrees), id);
    for (const warning of qualityWarnings(quality)) warnings.add(warning, id);
  }
  const cutOff = cutOffWarning(cases.map(({ quality }) => quality));
  return [...(cutOff === undefined ? [] : [cutOff]), ...warningLines(warnings.list())];
}
