/** A zero-padded convolution with a window of 3 or 1 along each axis, and its gradients, as sums in double precision. */
export interface ConvolutionProblem {
  /** [image, z, y, x]; z is 1 in two dimensions. */
  readonly sizes: readonly [number, number, number, number];
  readonly window: readonly [number, number, number];
  readonly inputs: number;
  readonly outputs: number;
}

export interface ConvolutionValues {
  /** [image, z, y, x, in] */
  readonly input: Float32Array;
  /** [window…, in, out] */
  readonly kernel: Float32Array;
  /** The output's gradient or an addend: [image, z, y, x, out]. */
  readonly output: Float32Array;
}

export interface ConvolutionSums {
  readonly output: Float64Array;
  readonly inputGradient: Float64Array;
  readonly kernelGradient: Float64Array;
  readonly biasGradient: Float64Array;
}

const at = (values: Float32Array, index: number): number => values[index] as number; // inside

function add(sums: Float64Array, index: number, value: number): void {
  sums[index] = (sums[index] as number) + value;
}

export function convolutionByDefinition(
  { sizes, window, inputs, outputs }: ConvolutionProblem,
  { input, kernel, output }: ConvolutionValues,
): ConvolutionSums {
  const sums = {
    output: new Float64Array(output.length),
    inputGradient: new Float64Array(input.length),
    kernelGradient: new Float64Array(kernel.length),
    biasGradient: new Float64Array(outputs),
  };
  output.forEach((value, index) => {
    add(sums.biasGradient, index % outputs, value);
  });
  forEachTap({ sizes, window }, (to, from, tap) => {
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++) {
        const [voxel, weight, result] = [from * inputs + i, (tap * inputs + i) * outputs + o, to * outputs + o];
        add(sums.output, result, at(input, voxel) * at(kernel, weight));
        add(sums.inputGradient, voxel, at(output, result) * at(kernel, weight));
        add(sums.kernelGradient, weight, at(output, result) * at(input, voxel));
      }
    }
  });
  return sums;
}

/** Every pair of an output voxel and an input voxel that a tap joins. */
function forEachTap(
  { sizes, window }: Pick<ConvolutionProblem, 'sizes' | 'window'>,
  visit: (output: number, input: number, tap: number) => void,
): void {
  const [images, ...spatial] = sizes;
  const [depth, height, width] = spatial;
  const offsets = window.map((size) => (size === 3 ? [-1, 0, 1] : [0]));
  const [alongZ = [], alongY = [], alongX = []] = offsets;
  const taps = alongZ.flatMap((z) => alongY.flatMap((y) => alongX.map((x) => [z, y, x] as const)));
  for (let image = 0; image < images; image++)
    for (let z = 0; z < depth; z++)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++)
          taps.forEach(([dz, dy, dx], tap) => {
            const [a, b, c] = [z + dz, y + dy, x + dx];
            if (a < 0 || a >= depth || b < 0 || b >= height || c < 0 || c >= width) return;
            const place = (k: number, j: number, i: number): number => ((image * depth + k) * height + j) * width + i;
            visit(place(z, y, x), place(a, b, c), tap);
          });
}
