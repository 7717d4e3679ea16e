/** How many neighbours of a point, on average over a line, may be looked at before the envelope is built instead. */
const neighboursTried = 10;

/**
 * Replaces the values of lines of `length` points, `step` apart, by the lower envelope of the parabolas that stand on them: by
 * min over f of ((q − f) · step)² + value(f) at point q. Infinite values have no parabola. Holds the arrays that this needs.
 */
export class LowerEnvelope {
  /** Between as many values of Infinity on both sides. */
  private readonly heights: Float64Array;
  /** The parabolas of the envelope from left to right, by the index that they stand on. */
  private readonly feet: Int32Array;
  /** Where each of them begins to be the lowest. */
  private readonly begins: Float64Array;
  /** The parabola of height 0 at the points 0, 1, … from its foot, and Infinity behind the line. */
  private readonly rises: Float64Array;
  private readonly step: number;
  private readonly isExact: boolean;

  /** `isExact`: sums of squares have no rounding, so that of several lowest parabolas any gives the same number. */
  constructor(
    private readonly length: number,
    { step, isExact }: { readonly step: number; readonly isExact: boolean },
  ) {
    this.step = step;
    this.isExact = isExact;
    this.heights = new Float64Array(3 * length).fill(Infinity);
    this.feet = new Int32Array(length);
    this.begins = new Float64Array(length);
    this.rises = Float64Array.from({ length: length + 1 }, (_, away) =>
      away < length ? (away * step) ** 2 : Infinity,
    );
  }

  /** The line begins at `first`. Where `asked` is 0, values have no meaning afterwards. */
  lower(values: Float64Array, first: number, stride: number, asked?: Uint8Array): void {
    const { heights, length } = this;
    for (let q = length, at = first; q < 2 * length; q++, at += stride) heights[q] = values[at] as number; // in range
    if (this.isExact && this.lowerNearby(values, first, stride, asked)) return;
    this.lowerByEnvelope(values, first, stride);
  }

  /**
   * Tries the parabolas around each point, from the nearest on until none further can be lower; false if that takes
   * too long. Where seeds are many it is several times as fast as the envelope, and gives the same numbers if these are exact.
   */
  private lowerNearby(values: Float64Array, first: number, stride: number, asked: Uint8Array | undefined): boolean {
    const { heights, rises, length } = this;
    const nearest = rises[1] as number; // of a line of at least one point
    let left = neighboursTried * length;
    for (let q = length, at = first; q < 2 * length; q++, at += stride) {
      if (asked !== undefined && asked[at] === 0) continue;
      const height = heights[q] as number; // in range, as are the others
      let least = height;
      for (let away = 1, rise = nearest; rise < least; rise = rises[++away] as number) {
        if (left-- === 0) return false;
        // Without branches that no processor can foresee, as Math.min is, this takes two thirds of the time.
        least = Math.min(least, (heights[q - away] as number) + rise, (heights[q + away] as number) + rise);
      }
      if (least < height) values[at] = least;
    }
    return true;
  }

  private lowerByEnvelope(values: Float64Array, first: number, stride: number): void {
    const { heights, feet, begins, length, step } = this;
    const count = this.build();
    if (count === 0) return; // all heights are infinite, and stay so
    for (let q = 0, at = first, k = 0; q < length; q++, at += stride) {
      while (k + 1 < count && (begins[k + 1] as number) < q) k++;
      const foot = feet[k] as number;
      const along = (q - foot) * step;
      values[at] = along * along + (heights[foot + length] as number);
    }
  }

  /** The number of parabolas on the envelope. */
  private build(): number {
    const { heights, feet, begins, length } = this;
    const square = this.step * this.step;
    let count = 0;
    for (let q = 0; q < length; q++) {
      const height = heights[q + length] as number;
      if (height === Infinity) continue;
      let begin = -Infinity;
      while (count > 0) {
        const foot = feet[count - 1] as number;
        begin = (q + foot) / 2 + (height - (heights[foot + length] as number)) / (2 * square * (q - foot));
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
