import type { DataSetConfig } from '../../../configs/config-schema.js';
import { DomainError } from '../../../domain/domain-error.js';
import { formatShape, voxelCount, type Grid, type Triple } from '../../../domain/image/grid.js';
import { expectOnGrid } from '../../../domain/preprocess/one-geometry.js';
import { resampledGrid } from '../../../domain/preprocess/resample.js';
import type { Upsampling } from '../../../domain/training/networks/network.js';
import { validMargin } from '../../../domain/training/networks/network.js';
import { readGrid } from '../../images/image-grid.js';
import type { CaseFiles } from '../case-files.js';
import { listOf, type Finding } from './finding.js';

type CheckedDataSet = DataSetConfig & { readonly upsampling: Upsampling };

export interface ReadHeaders {
  /** Files that cannot be read, and images that the networks' crop does not hold. */
  readonly findings: readonly Finding[];
  /** Of all images together as they would be prepared, without a region of interest; of one modality. */
  readonly preparedVoxels: number;
}

/** What the headers of a data set's files tell before a voxel is read. */
export async function readHeaders(cases: readonly CaseFiles[], dataSet: CheckedDataSet): Promise<ReadHeaders> {
  const findings: Finding[] = [];
  const grids = new Map<string, Grid>();
  // A faulty case is an error unless the config leaves it out.
  const [severity, end] =
    dataSet.onInvalidCase === 'exclude'
      ? (['warning', '; the case will be left out, as onInvalidCase says'] as const)
      : (['error', ''] as const);
  for (const own of cases) {
    const { grid, faults } = await caseHeaders(own, dataSet);
    if (grid !== undefined && faults.length === 0) grids.set(own.id, grid);
    findings.push(...faults.map((fault): Finding => ({ severity, case: own.id, message: `${fault}${end}` })));
  }
  const prepared = preparedShapes(grids, dataSet);
  const cut = cropWarning(prepared, dataSet);
  if (cut !== undefined) findings.push({ severity: 'warning', message: cut });
  return { findings, preparedVoxels: prepared.reduce((sum, { shape }) => sum + voxelCount(shape), 0) };
}

export interface CaseHeaders {
  /** Of the first image; undefined if its header cannot be read. */
  readonly grid: Grid | undefined;
  /** Headers that cannot be read, and those that place voxels elsewhere than the first one. */
  readonly faults: readonly string[];
}

/** What the headers of a case's files tell, all of them. */
export async function caseHeaders(
  { images, label, labelOutlines }: Pick<CaseFiles, 'images' | 'label' | 'labelOutlines'>,
  dataSet: CheckedDataSet,
): Promise<CaseHeaders> {
  const masks = labelOutlines === undefined ? [{ path: label, what: 'mask' as const }] : [];
  const files = [...images.map(({ path }) => ({ path, what: 'image' as const })), ...masks];
  const { overrideSpacingMm, preprocessing } = dataSet;
  const isAligned = preprocessing.align === 'toFirst' && preprocessing.crop.length === 3;
  let reference: { readonly source: string; readonly grid: Grid } | undefined;
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const { path, what } of files) {
    if (seen.has(path)) continue;
    seen.add(path);
    try {
      const own = { source: path, grid: (await readGrid(path, overrideSpacingMm)).grid };
      if (seen.size === 1) reference = own;
      if (reference !== undefined && !(isAligned && what === 'image')) expectOnGrid(what, { reference, own }, dataSet);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      faults.push(error.message);
    }
  }
  return { grid: reference?.grid, faults };
}

interface PreparedShape {
  readonly id: string;
  readonly shape: Triple;
}

function preparedShapes(grids: ReadonlyMap<string, Grid>, { preprocessing }: CheckedDataSet): PreparedShape[] {
  return [...grids].map(([id, grid]) => ({
    id,
    shape: preprocessing.crop.length === 2 ? grid.shape : resampledGrid(grid, preprocessing).shape,
  }));
}

/** Of images whose edges no network sees. Whether structures lie there only voxels tell. */
function cropWarning(prepared: readonly PreparedShape[], dataSet: CheckedDataSet): string | undefined {
  const { crop, roi } = dataSet.preprocessing;
  if (roi !== undefined) return undefined; // cut around the structure
  const seen = crop.map((length) => length - (dataSet.upsampling === 'valid' ? 2 * validMargin : 0));
  const larger = prepared.filter(({ shape }) => seen.some((length, axis) => length < (shape[axis] ?? 1)));
  const [first] = larger;
  if (first === undefined) return undefined;
  return (
    `networks see ${seen.join('×')} voxels, and the prepared images of ${larger.length} of ${prepared.length} cases are larger, ` +
    `such as ${first.id} with ${formatShape(first.shape)} (${listOf(larger.map(({ id }) => id))}); preprocessing.crop: auto holds them`
  );
}
