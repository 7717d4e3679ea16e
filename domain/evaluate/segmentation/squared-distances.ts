import type { Triple } from '../../image/grid.js';

interface DistanceQuestion {
  /** Not 0 at the points to which distances are measured. */
  readonly seeds: Uint8Array;
  /** Not 0 at the points whose distance is asked for. */
  readonly asked: Uint8Array;
  readonly shape: Triple;
  /** Distance between neighbouring points along each axis. */
  readonly spacingMm: Triple;
}

/**
 * The exact squared Euclidean distance in mm² from each asked point to the nearest seed, in the order of the points;
 * Infinity without seeds. Values at other points have no meaning.
 *
 * Axis by axis, each line takes the lower envelope of the parabolas that stand on its points (Felzenszwalb, Huttenlocher,
 * Distance transforms of sampled functions, 2012), so the time is linear in the number of points.
 */
export function squaredDistances({ seeds, asked, shape, spacingMm }: DistanceQuestion): Float64Array {
  const [sizeX, sizeY, sizeZ] = shape;
  const slice = sizeX * sizeY;
  const squares = new Float64Array(seeds.length);
  for (let row = 0; row < seeds.length; row += sizeX)
    squareAlongRow(seeds, squares, { row, sizeX, step: spacingMm[0] });
  if (sizeY > 1) {
    const envelope = new Envelope(sizeY, spacingMm[1]);
    for (let z = 0; z < sizeZ; z++) {
      for (let x = 0; x < sizeX; x++) envelope.lower(squares, z * slice + x, sizeX);
    }
  }
  if (sizeZ > 1) {
    const envelope = new Envelope(sizeZ, spacingMm[2]);
    for (let column = 0; column < slice; column++) {
      if (anyAlong(asked, column, slice)) envelope.lower(squares, column, slice);
    }
  }
  return squares;
}

/** The squared distance along one row: from the nearest seed before the point, or behind it. */
function squareAlongRow(
  seeds: Uint8Array,
  squares: Float64Array,
  { row, sizeX, step }: { readonly row: number; readonly sizeX: number; readonly step: number },
): void {
  let away = Infinity;
  for (let i = row; i < row + sizeX; i++) {
    away = seeds[i] === 0 ? away + 1 : 0;
    squares[i] = away;
  }
  away = Infinity;
  for (let i = row + sizeX - 1; i >= row; i--) {
    away = seeds[i] === 0 ? away + 1 : 0;
    const distance = Math.min(away, squares[i] as number) * step; // in range
    squares[i] = distance * distance;
  }
}

function anyAlong(values: Uint8Array, first: number, stride: number): boolean {
  for (let i = first; i < values.length; i += stride) if (values[i] !== 0) return true;
  return false;
}

/** Replaces the values of a line by the lower envelope of the parabolas on them; holds the arrays that this needs. */
class Envelope {
  private readonly heights: Float64Array;
  /** The parabolas of the envelope from left to right, by the index that they stand on. */
  private readonly feet: Int32Array;
  /** Where each of them begins to be the lowest. */
  private readonly begins: Float64Array;

  constructor(
    private readonly length: number,
    private readonly step: number,
  ) {
    this.heights = new Float64Array(length);
    this.feet = new Int32Array(length);
    this.begins = new Float64Array(length);
  }

  lower(values: Float64Array, first: number, stride: number): void {
    const { heights, feet, length, step } = this;
    for (let q = 0, at = first; q < length; q++, at += stride) heights[q] = values[at] as number; // in range
    const count = this.build();
    if (count === 0) return; // all heights are infinite, and stay so
    for (let q = 0, at = first, k = 0; q < length; q++, at += stride) {
      while (k + 1 < count && (this.begins[k + 1] as number) < q) k++;
      const foot = feet[k] as number;
      const along = (q - foot) * step;
      values[at] = along * along + (heights[foot] as number);
    }
  }

  /** The number of parabolas on the envelope. Points of infinite height have none. */
  private build(): number {
    const { heights, feet, begins, length } = this;
    const square = this.step * this.step;
    let count = 0;
    for (let q = 0; q < length; q++) {
      const height = heights[q] as number;
      if (height === Infinity) continue;
      let begin = -Infinity;
      while (count > 0) {
        const foot = feet[count - 1] as number;
        begin = (q + foot) / 2 + (height - (heights[foot] as number)) / (2 * square * (q - foot));
        if (begin > (begins[count - 1] as number)) break;
        count--;
        begin = -Infinity;
      }
      feet[count] = q;
      begins[count] = begin;
      count++;
    }
    return count;
  }
}
