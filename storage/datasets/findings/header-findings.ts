import type { DataSetConfig } from '../../../configs/config-schema.js';
import { DomainError } from '../../../domain/domain-error.js';
import { formatShape, voxelCount, type Grid, type Triple } from '../../../domain/image/grid.js';
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
  for (const { id, images, label, labelOutlines } of cases) {
    const paths = [...images.map(({ path }) => path), ...(labelOutlines === undefined ? [label] : [])];
    for (const [index, path] of [...new Set(paths)].entries()) {
      try {
        const { grid } = await readGrid(path, dataSet.overrideSpacingMm);
        if (index === 0) grids.set(id, grid);
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        findings.push({ severity: 'error', case: id, message: error.message });
      }
    }
  }
  const prepared = preparedShapes(grids, dataSet);
  const cut = cropWarning(prepared, dataSet);
  if (cut !== undefined) findings.push({ severity: 'warning', message: cut });
  return { findings, preparedVoxels: prepared.reduce((sum, { shape }) => sum + voxelCount(shape), 0) };
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
