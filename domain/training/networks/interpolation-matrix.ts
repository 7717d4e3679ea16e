import { levelFactor, type Upsampling } from './network.js';

/** Taps of a 3-wide convolution. */
const taps = 3;

/** A dense matrix in row-major order. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

/**
 * Up-sampling by 3 along one axis of n voxels, as a matrix: linear interpolation with half-pixel centres, so output
 * voxel o lies at (o + ½)/3 − ½ of the input. Beyond the first and last centre the edge value is repeated.
 *
 * `same`: 3n × n. `valid`: its rows 1 … 3n − 2, which is nearest-neighbour repetition by 3 followed by a 3-wide
 * average.
 */
export function interpolationMatrix(size: number, upsampling: Upsampling): Matrix {
  const first = upsampling === 'valid' ? 1 : 0;
  const rows = levelFactor * size - 2 * first;
  const values = new Float32Array(rows * size);
  const add = (row: number, column: number, weight: number): void => {
    const index = row * size + Math.min(Math.max(column, 0), size - 1);
    values[index] = (values[index] as number) + weight;
  };
  for (let row = 0; row < rows; row++) {
    const output = row + first;
    const centre = Math.floor(output / levelFactor);
    const offset = (output % levelFactor) - 1;
    // Thirds of a voxel from the centre: −1, 0 or 1. A third of the weight goes to the neighbour on that side.
    const share = Math.abs(offset) / levelFactor;
    add(row, centre, 1 - share);
    if (offset !== 0) add(row, centre + offset, share);
  }
  return { rows, columns: size, values };
}

/**
 * Up-sampling followed by the three shifts that a 3-wide zero-padded convolution reads, as one matrix: row o, column
 * 3·i + t is the weight of input voxel i in up-sampled voxel o + t − 1, or 0 if that voxel is outside.
 */
export function tapInterpolationMatrix(size: number, upsampling: Upsampling): Matrix {
  const { rows, columns: inputs, values: interpolation } = interpolationMatrix(size, upsampling);
  const columns = taps * inputs;
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let tap = 0; tap < taps; tap++) {
      const read = row + tap - 1;
      if (read < 0 || read >= rows) continue;
      for (let input = 0; input < inputs; input++) {
        values[row * columns + taps * input + tap] = interpolation[read * inputs + input] as number; // in range
      }
    }
  }
  return { rows, columns, values };
}
