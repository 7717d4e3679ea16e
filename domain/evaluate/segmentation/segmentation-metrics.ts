import { leastShearDegrees, shearDegrees } from '../../image/affine.js';
import type { Grid } from '../../image/grid.js';
import type { CaseMetrics } from '../evaluate-case.js';
import { calibrationOf, type Calibration } from './calibration.js';
import { lesionScores, type LesionScores } from './lesion-scores.js';
import { overlapScores, type OverlapScores } from './overlap-scores.js';
import { boxedMasks } from './structure-box.js';
import { surfaceDistances, type SurfaceDistances } from './surface-distances.js';

/** What people expect beside `CaseMetrics`, under the names of Metrics Reloaded (Maier-Hein, Reinke et al. 2024). */
export type SegmentationMetrics = OverlapScores & LesionScores & Calibration & SurfaceMeasures;

/** As `SurfaceDistances`; all null on a grid with sheared axes. */
type SurfaceMeasures = { readonly [Name in keyof SurfaceDistances]: SurfaceDistances[Name] | null };

interface Segmentation {
  readonly grid: Pick<Grid, 'shape' | 'spacingMm' | 'affine'>;
  /** 2: one slice, whose structures have contours and 8 neighbours. */
  readonly dimensions: 2 | 3;
  /** In [0, 1]; soft labels count as inside above 0.5, but for calibration. */
  readonly truth: Uint8Array | Float32Array;
  /** Probabilities in [0, 1], for calibration. */
  readonly predicted: Float32Array | Float64Array;
  /** 1 where structure is predicted, 0 elsewhere, for everything else. */
  readonly mask: Uint8Array;
  /** Of the normalised surface Dice, > 0. */
  readonly toleranceMm: number;
}

/**
 * Overlap, surface, lesion and calibration metrics of one case. Arrays have one value per voxel of the grid; `evaluateCase`
 * checks them. What each metric is where truth or prediction is empty, the functions say that compute them.
 *
 * Distances need perpendicular axes: with more shear than `leastShearDegrees`, the surface metrics are null, because neither
 * the areas nor the distances of this grid's cells are those of cuboids.
 */
export function segmentationMetrics(segmentation: Segmentation): SegmentationMetrics {
  const { grid, dimensions, truth, predicted, mask, toleranceMm } = segmentation;
  const masks = boxedMasks(truth instanceof Uint8Array ? truth : aboveAHalf(truth), mask, grid.shape);
  const question = { dimensions, spacingMm: grid.spacingMm, toleranceMm };
  return {
    ...overlapScores(masks, truth.length),
    ...(isSheared(grid) ? noDistances : surfaceDistances(masks, question)),
    ...lesionScores(masks),
    ...calibrationOf(truth, predicted),
  };
}

const noDistances = { hausdorff95Mm: null, averageSurfaceDistanceMm: null, normalisedSurfaceDice: null };

/** Whether surfaces on this grid are not measured. */
export function isSheared({ affine }: Pick<Grid, 'affine'>): boolean {
  return shearDegrees(affine) > leastShearDegrees;
}

function aboveAHalf(truth: Float32Array): Uint8Array {
  const mask = new Uint8Array(truth.length);
  for (let i = 0; i < truth.length; i++) mask[i] = (truth[i] as number) > 0.5 ? 1 : 0; // in range
  return mask;
}

/** The volume error of a case in other forms. */
export interface VolumeErrors {
  /** |ΔV|, in the case's unit. */
  readonly absoluteVolumeError: number;
  /** ΔV / V(Y), −1 or more; 0 if both volumes are 0, null if only V(Y) is. */
  readonly relativeVolumeError: number | null;
}

/** What a case has beside `CaseMetrics`. */
export type CaseScores = VolumeErrors & SegmentationMetrics;

/** V(Y) is without the part that cannot be predicted, as in ΔV. */
export function volumeErrors({
  volumeError,
  truthVolume,
  unpredictableVolume,
}: Pick<CaseMetrics, 'volumeError' | 'truthVolume' | 'unpredictableVolume'>): VolumeErrors {
  const volume = truthVolume - unpredictableVolume;
  const relative = volume > 0 ? volumeError / volume : volumeError === 0 ? 0 : null;
  return { absoluteVolumeError: Math.abs(volumeError), relativeVolumeError: relative };
}
