/**
 * Masks have at most this many distinct values, and none larger than this; beyond either, values are no longer counted.
 */
const mostMaskValues = 32;
const largestMaskValue = 255;

export interface ValueSummary {
  /** Over the finite values; null if there are none. */
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly nan: number;
  readonly infinite: number;
  /**
   * Number of voxels per value, ascending, if the image looks like a mask: whole numbers from 0 to 255, at most 32
   * different ones.
   */
  readonly maskValues: readonly { readonly value: number; readonly voxels: number }[] | undefined;
}

/**
 * Accumulates statistics of an image's values, block by block, in double precision (compensated sum, Neumaier 1974).
 */
export class ValueTally {
  private min = Infinity;
  private max = -Infinity;
  private sum = 0;
  private compensation = 0;
  private finite = 0;
  private nan = 0;
  private infinite = 0;
  /** Number of voxels of each possible value of a mask; undefined once the image cannot be one. */
  private counts: Float64Array | undefined = new Float64Array(largestMaskValue + 1);
  private different = 0;

  add(values: ArrayLike<number>): void {
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number; // in range
      if (value - value !== 0) {
        if (Number.isNaN(value)) this.nan++;
        else this.infinite++;
        this.counts = undefined;
        continue;
      }
      this.finite++;
      if (value < this.min) this.min = value;
      if (value > this.max) this.max = value;
      const total = this.sum + value;
      this.compensation += Math.abs(this.sum) >= Math.abs(value) ? this.sum - total + value : value - total + this.sum;
      this.sum = total;
      if (this.counts !== undefined) this.count(value, this.counts);
    }
  }

  summary(): ValueSummary {
    const { finite, nan, infinite } = this;
    return {
      min: finite === 0 ? null : this.min,
      max: finite === 0 ? null : this.max,
      mean: finite === 0 ? null : (this.sum + this.compensation) / finite,
      nan,
      infinite,
      maskValues:
        this.counts &&
        Array.from(this.counts, (voxels, value) => ({ value, voxels })).filter(({ voxels }) => voxels > 0),
    };
  }

  private count(value: number, counts: Float64Array): void {
    const known = counts[value]; // undefined for fractions, negative and larger values
    if (known === 0) this.different++;
    if (known === undefined || this.different > mostMaskValues) this.counts = undefined;
    else counts[value] = known + 1;
  }
}
