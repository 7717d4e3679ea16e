import { scaleLinear, type ScaleLinear } from 'd3-scale';

/** A linear map from data to a length in the figure. */
export type Scale = ScaleLinear<number, number>;

export interface Tick {
  readonly value: number;
  readonly label: string;
}

export function linearScale(domain: readonly [number, number], range: readonly [number, number]): Scale {
  return scaleLinear(domain, range);
}

/**
 * About `count` round numbers (1, 2 or 5 times a power of ten apart) within the scale's domain, including 0 if it lies
 * inside. Labels use a true minus sign and the decimals that the step needs (`0.0`, `0.5`), or no trailing zeros.
 */
export function ticksOf(scale: Scale, count = 4, zeros: 'kept' | 'trimmed' = 'kept'): Tick[] {
  const format = scale.tickFormat(count, zeros === 'kept' ? 'f' : '~f');
  return scale.ticks(count).map((value) => ({ value, label: format(value) }));
}

/** The range of the values and 0, widened by a share on both sides; −1 to 1 if all are 0 (within 1e-9). */
export function paddedDomain(values: readonly number[], padding: number): [number, number] {
  // A loop instead of Math.min(...values): a data set may have more cases than a call can take arguments.
  let low = 0;
  let high = 0;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (high - low < 1e-9) return [-1, 1];
  const extra = (high - low) * padding;
  return [low - extra, high + extra];
}
