import { deviationOf, type Moments } from './moments.js';

export interface Normalisation {
  readonly mean: number;
  readonly deviation: number;
}

/** The normalisation to zero mean and unit standard deviation of the values with these moments. */
export function normalisationBy(moments: Moments): Normalisation {
  return { mean: moments.mean, deviation: deviationOf(moments) };
}

/**
 * Replaces each value by (value − mean) / deviation, in place. A deviation of 0 means that the modality is constant and
 * carries no information: every value then becomes 0, the mean of normalised images, instead of ±∞ or NaN.
 */
export function normaliseInto(values: Float32Array, { mean, deviation }: Normalisation): void {
  if (deviation === 0) {
    values.fill(0);
    return;
  }
  for (let i = 0; i < values.length; i++) values[i] = ((values[i] as number) - mean) / deviation; // in range
}
