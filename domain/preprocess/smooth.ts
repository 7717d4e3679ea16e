import { axes, type Axis, type StoredImage, type Triple } from '../image/grid.js';

/** Kernels end at this many standard deviations, as SciPy's do. */
const kernelRadius = 4;

/** About how many voxels are smoothed at once, so that they stay in the processor's cache. */
const blockVoxels = 1 << 14;

/**
 * The image, smoothed for voxels of the new size: along each axis on which they are larger, by f = new spacing / spacing,
 * with a Gaussian whose variance, (f² − 1)/12 voxels², is that of a new voxel's width less that of an old one's. Without
 * this, structures finer than the new voxels become false coarse ones. Edge values are repeated; the kernel ends at 4
 * standard deviations. As `scipy.ndimage.gaussian_filter` in mode `nearest`, which rounds to single precision after each
 * axis too. Where no axis needs it, returns the values themselves.
 *
 * σ is that of DeepVoxNet2, the framework of the paper's authors.
 */
export function smoothForSpacing({ grid, values }: StoredImage, newSpacingMm: number): StoredImage['values'] {
  const coarser = axes.filter((axis) => newSpacingMm > grid.spacingMm[axis]);
  if (coarser.length === 0) return values;
  const smoothed = Float32Array.from(values);
  for (const axis of coarser) {
    const factor = Math.min(newSpacingMm / grid.spacingMm[axis], largestFactor);
    const kernel = gaussianKernel(Math.sqrt((factor ** 2 - 1) / 12), grid.shape[axis]);
    smoothAlongInto(smoothed, { shape: grid.shape, axis, kernel });
  }
  return smoothed;
}

/** Beyond it, the mean of an axis' ends is all that remains; the square of a larger one may be infinite. */
const largestFactor = 1e100;

/** Of a kernel's tail, no more weights than this are added one by one. */
const mostTailSamples = 1 << 16;

/**
 * Weights from the centre outwards; those of both sides add up to 1. On an axis of `length` voxels, what lies `length − 1`
 * or more before any voxel is the first one's value, and after it the last one's; so the last weight there stands for all
 * beyond it, and the kernel is never longer than the axis.
 */
function gaussianKernel(deviation: number, length: number): Float64Array {
  const radius = Math.floor(kernelRadius * deviation + 0.5);
  const last = Math.min(radius, length - 1);
  const weights = Float64Array.from({ length: last + 1 }, (_, at) =>
    at < last ? Math.exp(-0.5 * (at / deviation) ** 2) : tail(last, radius, deviation),
  );
  const sum = weights.reduce((total, weight, at) => total + (at === 0 ? weight : 2 * weight), 0);
  return weights.map((weight) => weight / sum);
}

/**
 * The sum of the Gaussian at first … radius. Of a long tail, each sample is the middle of a stretch of width w, with an
 * error of (w/σ)²/24, less than 10⁻⁹ of the sum.
 */
function tail(first: number, radius: number, deviation: number): number {
  const count = radius - first + 1;
  const samples = Math.min(count, mostTailSamples);
  const width = count / samples;
  let sum = 0;
  for (let sample = 0; sample < samples; sample++) {
    const at = first - 0.5 + (sample + 0.5) * width;
    sum += width * Math.exp(-0.5 * (at / deviation) ** 2);
  }
  return sum;
}

interface Smoothing {
  readonly shape: Triple;
  readonly axis: Axis;
  readonly kernel: Float64Array;
}

/**
 * Smooths along one axis: `length` lines of `stride` adjacent voxels. Blocks of these lines are copied, with the outermost
 * lines repeated on both sides, so that one loop without conditions blends a whole block.
 */
function smoothAlongInto(values: Float32Array, { shape, axis, kernel }: Smoothing): void {
  const length = shape[axis];
  const stride = shape.slice(0, axis).reduce((product, size) => product * size, 1);
  const radius = kernel.length - 1;
  const widest = Math.min(stride, Math.ceil(blockVoxels / length));
  const padded = new Float64Array((length + 2 * radius) * widest);
  const blended = new Float64Array(length * widest);
  for (let first = 0; first < values.length; first += length * stride) {
    for (let offset = 0; offset < stride; offset += widest) {
      const width = Math.min(widest, stride - offset);
      for (let line = -radius; line < length + radius; line++) {
        const start = first + Math.min(Math.max(line, 0), length - 1) * stride + offset;
        const to = (line + radius) * width;
        for (let at = 0; at < width; at++) padded[to + at] = values[start + at] as number; // in range
      }
      blendInto(blended, { padded, width, count: length * width, kernel });
      for (let line = 0; line < length; line++) {
        const start = first + line * stride + offset;
        for (let at = 0; at < width; at++) values[start + at] = blended[line * width + at] as number; // in range
      }
    }
  }
}

/** Blends each of `count` values with those some lines of `width` before and after it. */
function blendInto(
  blended: Float64Array,
  block: {
    readonly padded: Float64Array;
    readonly width: number;
    readonly count: number;
    readonly kernel: Float64Array;
  },
): void {
  const { padded, width, count, kernel } = block;
  const radius = kernel.length - 1;
  for (let distance = 0; distance <= radius; distance++) {
    const weight = (kernel[distance] as number) / (distance === 0 ? 2 : 1); // the centre is added twice
    const before = (radius - distance) * width;
    const after = (radius + distance) * width;
    for (let at = 0; at < count; at++) {
      const pair = (padded[before + at] as number) + (padded[after + at] as number); // in range
      blended[at] = (distance === 0 ? 0 : (blended[at] as number)) + weight * pair;
    }
  }
}
