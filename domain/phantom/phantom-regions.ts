import type { Grid } from '../image/grid.js';
import { ballOnGrid, type Ball } from './ball.js';
import { phantomGrid, phantomVoxelVolume, type PhantomSettings } from './phantom-settings.js';

/** What the theory needs to predict the volume error of a phantom data set. */
export interface PhantomRegions {
  readonly coreVolume: number;
  readonly regionVolume: number;
  readonly regions: number;
  readonly probability: number;
}

/**
 * Volumes of the core and of each uncertain region as drawn: in ml (3D), or in hundreds of pixels (2D) after a region
 * of interest has been averaged over blocks of `downsample` pixels. Resampling to another voxel size changes them
 * slightly; each case's quality figures give its change of volume.
 */
export function phantomRegions(
  settings: PhantomSettings,
  { downsample = 1 }: { readonly downsample?: number } = {},
): PhantomRegions {
  const { core, region } = phantomBalls(settings, phantomGrid(settings));
  const voxelVolume = phantomVoxelVolume(settings) / (settings.dimensions === 2 ? downsample ** 2 : 1);
  return {
    coreVolume: core.steps.length * voxelVolume,
    regionVolume: region.steps.length * voxelVolume,
    regions: settings.regions,
    probability: settings.probability,
  };
}

/** The voxels of the certain core and of each uncertain region, relative to their centres. */
export function phantomBalls(settings: PhantomSettings, grid: Grid): { readonly core: Ball; readonly region: Ball } {
  return { core: ballOnGrid(grid, settings.coreRadius), region: ballOnGrid(grid, settings.regionRadius) };
}
