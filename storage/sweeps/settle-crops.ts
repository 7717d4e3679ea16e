import type { Config, WrittenConfig } from '../../configs/config-schema.js';
import { DomainError } from '../../domain/domain-error.js';
import { diagonalAffine } from '../../domain/image/affine.js';
import type { Grid } from '../../domain/image/grid.js';
import { resampledGrid } from '../../domain/preprocess/resample.js';
import { fittingCrop } from '../../domain/training/networks/fitting-crop.js';
import type { NetworkChoice } from '../../domain/training/networks/network.js';
import type { CaseFiles, RejectedCase } from '../datasets/case-files.js';
import { locateCases } from '../datasets/scan-cases.js';
import { pictureEnding } from '../images/image-files.js';
import { readGrid } from '../images/image-grid.js';

type WrittenDataSet = WrittenConfig['dataSets'][number];
type Crop = Config['dataSets'][number]['preprocessing']['crop'];

/** The folder of a data set on disk. */
export type FolderOf = (dataSet: { readonly name: string; readonly path?: string | undefined }) => string;

/**
 * The data sets of a config, each `crop: auto` replaced by the smallest sizes that all models take and that hold the
 * largest image, by the headers of the files. Nothing is read where the crops are given. DATA_SET_INVALID if a data set
 * is not there or no header of it can be read.
 */
export async function settleCrops(config: WrittenConfig, folderOf: FolderOf): Promise<Config['dataSets']> {
  const dataSets: Config['dataSets'] = [];
  for (const dataSet of config.dataSets) {
    const { crop, ...preprocessing } = dataSet.preprocessing;
    const settled = crop === 'auto' ? await cropOf(dataSet, config, folderOf) : crop;
    dataSets.push({ ...dataSet, preprocessing: { ...preprocessing, crop: settled } });
  }
  return dataSets;
}

async function cropOf(dataSet: WrittenDataSet, config: WrittenConfig, folderOf: FolderOf): Promise<Crop> {
  const { shapes, dimensions } = await preparedShapes(dataSet, folderOf);
  const { upsampling } = config.network;
  const networks = config.arms.models.map((model): NetworkChoice => ({ model, dimensions, channels: 1, upsampling }));
  return fittingCrop(shapes, networks, dimensions);
}

interface PreparedShapes {
  readonly shapes: readonly (readonly number[])[];
  readonly dimensions: 2 | 3;
}

/** Shapes of the prepared images, as far as they can be known without voxels. */
async function preparedShapes(dataSet: WrittenDataSet, folderOf: FolderOf): Promise<PreparedShapes> {
  const { phantom, preprocessing, name } = dataSet;
  const { roi } = preprocessing;
  const edge = roi === undefined ? undefined : roi.sizePixels / roi.downsample;
  if (phantom !== undefined) {
    const { dimensions, shape, spacingMm } = phantom;
    if (dimensions === 2) return { dimensions, shapes: [edge === undefined ? shape : [edge, edge]] };
    const [x = 1, y = 1, z = 1] = shape;
    const grid: Grid = { shape: [x, y, z], spacingMm, affine: diagonalAffine(spacingMm) };
    return { dimensions, shapes: [resampledGrid(grid, preprocessing).shape] };
  }
  const root = folderOf(dataSet);
  const faults: RejectedCase[] = []; // told by the scan if other cases can be used
  const note = (fault: RejectedCase): undefined => {
    faults.push(fault);
  };
  const cases = (await locateCases(dataSet, { root }, note)) ?? [];
  const isFlat = dataSet.kind === 'folder2d' || dataSet.kind === 'tufts' || isPicture(cases[0]);
  if (isFlat && edge !== undefined) return { dimensions: 2, shapes: [[edge, edge]] };
  const grids = await readGrids(cases, dataSet, note);
  if (grids.length === 0) {
    const reasons = faults.map(({ id, reason }) => `\n  case ${JSON.stringify(id)}: ${reason}`);
    const what = `preprocessing.crop is auto, but no image in ${root} tells its size:${reasons.join('')}`;
    throw new DomainError('DATA_SET_INVALID', `data set ${name}: ${what}`);
  }
  if (isFlat) return { dimensions: 2, shapes: grids.map(({ shape }) => shape) };
  return { dimensions: 3, shapes: grids.map((grid) => resampledGrid(grid, preprocessing).shape) };
}

const isPicture = (own: CaseFiles | undefined): boolean => pictureEnding.test(own?.images[0]?.path ?? '');

/** Of each case's first image, onto whose voxels the others come; `onFault` is told of files that cannot be read. */
async function readGrids(
  cases: readonly CaseFiles[],
  { overrideSpacingMm }: WrittenDataSet,
  onFault: (fault: RejectedCase) => void,
): Promise<Grid[]> {
  const grids: Grid[] = [];
  for (const { id, images } of cases) {
    const [first] = images;
    if (first === undefined) continue;
    try {
      grids.push((await readGrid(first.path, overrideSpacingMm)).grid);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      onFault({ id, reason: error.message });
    }
  }
  return grids;
}
