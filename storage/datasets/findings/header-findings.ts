import type { DataSetConfig } from '../../../configs/config-schema.js';
import { DomainError } from '../../../domain/domain-error.js';
import { formatShape, type Grid } from '../../../domain/image/grid.js';
import { resampledGrid } from '../../../domain/preprocess/resample.js';
import type { Upsampling } from '../../../domain/training/networks/network.js';
import { validMargin } from '../../../domain/training/networks/network.js';
import { readGrid } from '../../images/image-grid.js';
import type { CaseFiles } from '../case-files.js';
import { listOf, type Finding } from './finding.js';

type CheckedDataSet = DataSetConfig & { readonly upsampling: Upsampling };

/**
 * What the headers of a data set's files tell before a voxel is read: files that cannot be read, and images that the
 * networks' crop does not hold.
 */
export async function headerFindings(cases: readonly CaseFiles[], dataSet: CheckedDataSet): Promise<Finding[]> {
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
  const cut = cropWarning(grids, dataSet);
  return cut === undefined ? findings : [...findings, { severity: 'warning', message: cut }];
}

/** Of images whose edges no network sees. Whether structures lie there only voxels tell. */
function cropWarning(grids: ReadonlyMap<string, Grid>, dataSet: CheckedDataSet): string | undefined {
  const { crop, roi } = dataSet.preprocessing;
  if (roi !== undefined) return undefined; // cut around the structure
  const seen = crop.map((length) => length - (dataSet.upsampling === 'valid' ? 2 * validMargin : 0));
  const prepared = [...grids].map(([id, grid]) => ({
    id,
    shape: crop.length === 2 ? grid.shape : resampledGrid(grid, dataSet.preprocessing).shape,
  }));
  const larger = prepared.filter(({ shape }) => seen.some((length, axis) => length < (shape[axis] ?? 1)));
  const [first] = larger;
  if (first === undefined) return undefined;
  return (
    `networks see ${seen.join('×')} voxels, and the prepared images of ${larger.length} of ${grids.size} cases are larger, ` +
    `such as ${first.id} with ${formatShape(first.shape)} (${listOf(larger.map(({ id }) => id))}); preprocessing.crop: auto holds them`
  );
}
