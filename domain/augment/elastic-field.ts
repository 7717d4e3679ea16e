import type { Triple } from '../image/grid.js';
import type { RandomStream } from '../random/random-stream.js';
import type { ElasticSettings } from './augmentation-settings.js';

/**
 * A smooth field of shifts in voxels: at voxel (i, j, k), the sum over control points (a, b, c) of weights[0][i][a] ·
 * weights[1][j][b] · weights[2][k][c] times the control point's shift.
 */
export interface ElasticField {
  /** Number of control points along each axis. */
  readonly points: Triple;
  /** For each axis: `points` weights per voxel, voxel by voxel. */
  readonly weights: readonly [Float64Array, Float64Array, Float64Array];
  /** For each component x, y, z of the shift: one number per control point, x fastest. */
  readonly shifts: readonly [Float64Array, Float64Array, Float64Array];
}

/**
 * The weight of each control point at each voxel of one axis: linear interpolation between points `spacing` apart, laid
 * out symmetrically about the axis's centre, then smoothed by a Gaussian with deviation `smoothing`, truncated at three
 * deviations. A one-voxel axis has one point with weight 1.
 */
function axisWeights(
  size: number,
  { gridSpacingVoxels: spacing, smoothingVoxels: smoothing }: ElasticSettings,
): {
  readonly points: number;
  readonly weights: Float64Array;
} {
  if (size === 1) return { points: 1, weights: Float64Array.of(1) };
  const reach = Math.ceil(3 * smoothing);
  const points = 2 * Math.ceil(((size - 1) / 2 + reach) / spacing) + 1;
  const weights = new Float64Array(size * points);
  const gaussian = Array.from({ length: 2 * reach + 1 }, (_, index) =>
    Math.exp(-0.5 * ((index - reach) / smoothing) ** 2),
  );
  const total = gaussian.reduce((sum, value) => sum + value, 0);
  for (let voxel = 0; voxel < size; voxel++) {
    for (let tap = 0; tap < gaussian.length; tap++) {
      const position = (voxel + tap - reach - (size - 1) / 2) / spacing + (points - 1) / 2;
      const below = Math.min(Math.floor(position), points - 2);
      const share = (gaussian[tap] as number) / total;
      const index = voxel * points + below;
      weights[index] = (weights[index] as number) + share * (below + 1 - position);
      weights[index + 1] = (weights[index + 1] as number) + share * (position - below);
    }
  }
  return { points, weights };
}

/**
 * Mean over an axis's voxels of Σ weight²: the factor by which interpolation reduces the variance of independent
 * points.
 */
function meanSquare(weights: Float64Array, size: number): number {
  return weights.reduce((sum, weight) => sum + weight * weight, 0) / size;
}

/**
 * Draws a field whose expected root mean square shift per axis is uniform in `shiftVoxels`; in 2D, no shift along z.
 */
export function drawElasticField(shape: Triple, settings: ElasticSettings, random: RandomStream): ElasticField {
  const rootMeanSquare = random.uniformBetween(...settings.shiftVoxels);
  const [x, y, z] = shape.map((size) => axisWeights(size, settings)) as [AxisWeights, AxisWeights, AxisWeights];
  const shrinkage = meanSquare(x.weights, shape[0]) * meanSquare(y.weights, shape[1]) * meanSquare(z.weights, shape[2]);
  const deviation = rootMeanSquare / Math.sqrt(shrinkage);
  const count = x.points * y.points * z.points;
  const component = (size: number): Float64Array =>
    size === 1 ? new Float64Array(count) : Float64Array.from({ length: count }, () => random.normal(0, deviation));
  return {
    points: [x.points, y.points, z.points],
    weights: [x.weights, y.weights, z.weights],
    shifts: [component(shape[0]), component(shape[1]), component(shape[2])],
  };
}

type AxisWeights = ReturnType<typeof axisWeights>;

/** Combines one component of the control points along z and y, which leaves one number per point along x. */
export function rowShiftsInto(
  target: Float64Array,
  field: ElasticField,
  place: { readonly component: 0 | 1 | 2; readonly y: number; readonly z: number },
): void {
  const [pointsX, pointsY, pointsZ] = field.points;
  const [, weightsY, weightsZ] = field.weights;
  const shifts = field.shifts[place.component];
  target.fill(0);
  for (let c = 0; c < pointsZ; c++) {
    const weightZ = weightsZ[place.z * pointsZ + c] as number;
    if (weightZ === 0) continue;
    for (let b = 0; b < pointsY; b++) {
      const weight = weightZ * (weightsY[place.y * pointsY + b] as number);
      if (weight === 0) continue;
      const row = pointsX * (b + pointsY * c);
      for (let a = 0; a < pointsX; a++) target[a] = (target[a] as number) + weight * (shifts[row + a] as number);
    }
  }
}
