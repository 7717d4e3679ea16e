/** The best allocation of a volume to groups: Σ S_g q_g = volume with maximal Σ q_g worth_g. */
export interface Filling {
  readonly predictions: Float64Array;
  readonly value: number;
  /** Worth per volume of the last group filled, and of the next one. */
  readonly slopeBelow: number;
  readonly slopeAbove: number;
}

/**
 * The fractional knapsack: fills groups to q = 1 by decreasing worth per volume until `volume` is used up, so at most
 * one group gets a fraction. Groups without worth stay at 0.
 */
export function fillByWorth(worths: Float64Array, groupVolumes: Float64Array, volume: number): Filling {
  const density = (g: number): number => (worths[g] as number) / (groupVolumes[g] as number);
  const order = Array.from(worths.keys()).filter((g) => (worths[g] as number) > 0);
  order.sort((a, b) => density(b) - density(a));
  const predictions = new Float64Array(worths.length);
  let left = volume;
  let value = 0;
  let slopeBelow = order[0] === undefined ? 0 : density(order[0]);
  for (const g of order) {
    const size = groupVolumes[g] as number;
    if (left <= 0) return { predictions, value, slopeBelow, slopeAbove: density(g) };
    const q = Math.min(1, left / size);
    predictions[g] = q;
    value += q * (worths[g] as number);
    slopeBelow = density(g);
    left -= q * size;
    if (q < 1) return { predictions, value, slopeBelow, slopeAbove: slopeBelow };
  }
  return { predictions, value, slopeBelow, slopeAbove: 0 };
}

/** The two nearest volumes at which no group has a fraction, which are the kinks of the best value. */
export function kinksOfFilling(predictions: Float64Array, groupVolumes: Float64Array): number[] {
  let whole = 0;
  let fraction = 0;
  predictions.forEach((q, g) => {
    if (q === 1) whole += groupVolumes[g] as number;
    else if (q > 0) fraction = groupVolumes[g] as number;
  });
  return fraction > 0 ? [whole, whole + fraction] : [];
}
