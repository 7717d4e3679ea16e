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
  private counts: Map<number, number> | undefined = new Map();

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
    const values = this.counts === undefined ? undefined : [...this.counts].sort(([a], [b]) => a - b);
    return {
      min: finite === 0 ? null : this.min,
      max: finite === 0 ? null : this.max,
      mean: finite === 0 ? null : (this.sum + this.compensation) / finite,
      nan,
      infinite,
      maskValues: values?.map(([value, voxels]) => ({ value, voxels })),
    };
  }

  private count(value: number, counts: Map<number, number>): void {
    const known = counts.get(value);
    if (known !== undefined) counts.set(value, known + 1);
    else if (isMaskValue(value) && counts.size < mostMaskValues) counts.set(value, 1);
    else this.counts = undefined;
  }
}

function isMaskValue(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= largestMaskValue;
}
