/** Sampling of one image axis: output o lies at `start + o · step` of the input, in voxels. */
export interface ResampledAxis {
  readonly length: number;
  readonly start: number;
  readonly step: number;
}

/** The axes of a grid, in voxels of another grid with the same directions. */
export type GridAxes = readonly [ResampledAxis, ResampledAxis, ResampledAxis];

export type ResamplingConvention = 'centred' | 'origin' | 'scipyZoom';

interface AxisRequest {
  readonly length: number;
  readonly spacingMm: number;
  readonly newSpacingMm: number;
}

/**
 * The new axis under a convention. Its length is round(n · spacing / new spacing) and at least 1, with halves rounded
 * to even, as Python's `round` does.
 * - `centred`: the new axis is centred on the old field of view and has exactly the new spacing. As |m·t − n·s| ≤ t/2, no
 *   new centre lies outside the field of view, whose outer half voxels take the edge value.
 * - `origin`: the first centre stays in place, as ITK's users resample: with the origin of the input. The new axis has
 *   exactly the new spacing. If it is finer, the last centres can lie outside the field of view (`lengthInside`).
 * - `scipyZoom`: the first and last centres of both axes coincide, as in `scipy.ndimage.zoom` (order 1). The resulting
 *   spacing, (n − 1)s/(m − 1), differs slightly from the requested one; the new grid records it. If either axis has
 *   only one voxel, there is nothing to align: every new voxel shows the first old one. Those of one old voxel span it; a
 *   single new one is as long as the old axis, but centred on its first voxel. The length is that of `zoom` by the factor
 *   spacing / new spacing, in double precision: other than above, 13.4999999 is no half.
 */
export function resampledAxis(convention: ResamplingConvention, request: AxisRequest): ResampledAxis {
  const { length: n, spacingMm, newSpacingMm } = request;
  const ratio = newSpacingMm / spacingMm;
  if (convention === 'scipyZoom') {
    const m = Math.max(1, roundHalfToEven(n * (spacingMm / newSpacingMm)));
    if (m === 1) return { length: 1, start: 0, step: n };
    if (n > 1) return { length: m, start: 0, step: (n - 1) / (m - 1) };
    return { length: m, start: (1 / m - 1) / 2, step: 1 / m };
  }
  const m = Math.max(1, roundHalfToEven(n / ratio, headerTolerance));
  return { length: m, start: convention === 'origin' ? 0 : (n - 1) / 2 - ((m - 1) / 2) * ratio, step: ratio };
}

/**
 * How many centres of the axis, from its first on, lie before the end of the input's field of view; a centre on its
 * border does not, as in ITK.
 */
export function lengthInside({ length, start, step }: ResampledAxis, inputLength: number): number {
  return Math.min(length, Math.max(0, Math.ceil((inputLength - 0.5 - borderTolerance - start) / step)));
}

/** The other way: where the `inputLength` voxels of the input lie on the new axis. */
export function inverseAxis({ start, step }: ResampledAxis, inputLength: number): ResampledAxis {
  return { length: inputLength, start: -start / step, step: 1 / step };
}

/** By how much single-precision headers can blur a half (17.5000004). */
const headerTolerance = 1e-5;

/** The same for positions, in voxels. */
export const borderTolerance = 1e-4;

/** Treats a value within the tolerance of a half as a half. */
function roundHalfToEven(value: number, tolerance = 0): number {
  const floor = Math.floor(value);
  if (Math.abs(value - floor - 0.5) <= tolerance) return floor % 2 === 0 ? floor : floor + 1;
  return Math.round(value);
}

/** Linear interpolation along an axis: output o is `low + weight · (high − low)` of the inputs at these indices. */
export interface AxisWeights {
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly weight: Float64Array;
}

/** Beyond the outermost centres, the edge voxel's value is repeated. */
export function linearWeights(axis: ResampledAxis, inputLength: number): AxisWeights {
  const { length, start, step } = axis;
  const weights = { low: new Int32Array(length), high: new Int32Array(length), weight: new Float64Array(length) };
  for (let o = 0; o < length; o++) {
    const position = Math.min(Math.max(start + o * step, 0), inputLength - 1);
    const low = Math.floor(position);
    weights.low[o] = low;
    weights.high[o] = Math.min(low + 1, inputLength - 1);
    weights.weight[o] = position - low;
  }
  return weights;
}

/**
 * The nearest input of each output, expressed as weights of 0. Ties take the higher index, as in ITK and SciPy; a half
 * blurred by single-precision headers (0.49999 after some hundred voxels) counts as a tie.
 */
export function nearestWeights({ length, start, step }: ResampledAxis, inputLength: number): AxisWeights {
  const nearest = new Int32Array(length);
  for (let o = 0; o < length; o++) {
    nearest[o] = Math.min(Math.max(Math.floor(start + o * step + 0.5 + 1e-4), 0), inputLength - 1);
  }
  return { low: nearest, high: nearest, weight: new Float64Array(length) };
}
