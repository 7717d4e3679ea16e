/** A linear map from data to a length in the figure. */
export interface Scale {
  readonly domain: readonly [number, number];
  readonly range: readonly [number, number];
}

export function scaled({ domain, range }: Scale, value: number): number {
  return range[0] + ((value - domain[0]) / (domain[1] - domain[0])) * (range[1] - range[0]);
}

/** The span of the values and 0, widened by a share on both sides; −1 to 1 where all are 0 (closer than 1e-9). */
export function paddedDomain(values: readonly number[], padding: number): [number, number] {
  // A loop and not Math.min(...values): a data set may have more cases than a call takes arguments.
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

/** Round numbers (1, 2 or 5 times a power of ten apart) inside a domain, about `count` of them, 0 among them if inside. */
export function niceTicks([low, high]: readonly [number, number], count: number): { value: number; label: string }[] {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  // The factor nearest on a logarithmic scale, as d3-array's ticks choose it.
  const ratio = rough / power;
  const step = power * (ratio >= Math.sqrt(50) ? 10 : ratio >= Math.sqrt(10) ? 5 : ratio >= Math.SQRT2 ? 2 : 1);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks = [];
  for (let index = Math.ceil(low / step - 1e-9); index <= high / step + 1e-9; index++) {
    const size = Math.abs(index * step).toFixed(decimals);
    ticks.push({ value: index * step, label: index < 0 ? `−${size}` : size });
  }
  return ticks;
}

/** A coordinate with at most one decimal: figures have the same bytes on every machine, and few of them. */
export function coordinate(value: number): string {
  return String(Number(value.toFixed(1)));
}
