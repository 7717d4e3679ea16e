import type { IntensityTransform } from './draw-augmentation.js';

/**
 * Applies gamma, scale and shift to one modality, in place.
 *
 * Gamma acts on the image's own range: v ← min + (max − min)·((v − min)/(max − min))^γ; a constant image is unchanged.
 * Then v ← scale·v + shift.
 */
export function changeIntensitiesInto(values: Float32Array, { gamma, scale, shift }: IntensityTransform): void {
  if (gamma !== 1) changeGammaInto(values, gamma);
  if (scale === 1 && shift === 0) return;
  for (let i = 0; i < values.length; i++) values[i] = scale * (values[i] as number) + shift;
}

function changeGammaInto(values: Float32Array, gamma: number): void {
  let lowest = Infinity;
  let highest = -Infinity;
  for (const value of values) {
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  const range = highest - lowest;
  if (!(range > 0)) return;
  for (let i = 0; i < values.length; i++) {
    values[i] = lowest + range * (((values[i] as number) - lowest) / range) ** gamma;
  }
}
