import type { Region } from '../region.js';
import { isUncertain } from '../region.js';
import type { OutcomeLaw } from './outcome-law.js';

const maxCells = 2 ** 20;
const maxStoredPresence = 2 ** 23;
const maxSteps = 2 ** 30;

/**
 * The largest unit of which every volume is a whole multiple to a relative 1e-12, or undefined if there is none above
 * 2^-20 of the largest volume: Euclid's algorithm on real numbers. Zeros are multiples of any unit.
 */
function commonUnit(volumes: readonly number[]): number | undefined {
  const largest = Math.max(...volumes);
  const tolerance = largest * 1e-12;
  let unit = 0;
  for (const volume of volumes) {
    let [a, b] = [unit, volume];
    while (b > tolerance) [a, b] = [b, Math.abs(a - b * Math.round(a / b))];
    unit = a;
  }
  if (!(unit * maxCells > largest)) return undefined;
  // Euclidean differences lose digits; the largest volume restores them.
  const refined = largest / Math.round(largest / unit);
  const isMultiple = (volume: number): boolean =>
    Math.abs(volume - refined * Math.round(volume / refined)) <= tolerance;
  return volumes.every(isMultiple) ? refined : undefined;
}

/**
 * The exact law of the truth volume if all volumes are whole multiples of one unit. Adds region after region to the
 * distribution (all terms positive: no cancellation) and keeps each group's mean presence given the volume. Undefined
 * if the volumes are not commensurable or the table would become too large. Not for losses that are nonlinear in the
 * overlap given the volume: see OutcomeLaw.
 */
export function volumeLaw(groups: readonly Region[]): OutcomeLaw | undefined {
  const random = groups.map((group, g) => ({ ...group, g })).filter((group) => isUncertain(group.probability));
  const unit = commonUnit(random.map((group) => group.volume));
  if (unit === undefined) return undefined;
  const steps = random.map((group) => Math.round(group.volume / unit));
  const regions = random.reduce((sum, group) => sum + group.count, 0);
  const cells = 1 + random.reduce((sum, group, r) => sum + group.count * (steps[r] as number), 0);
  const levels = 1 + Math.ceil(Math.log2(random.length));
  if (cells > maxCells || cells * random.length > maxStoredPresence || cells * regions * levels > maxSteps) {
    return undefined;
  }

  const certainVolume = groups
    .filter((group) => group.probability === 1)
    .reduce((sum, group) => sum + group.volume * group.count, 0);
  const addRegions = (law: Float64Array, r: number, count = (random[r] as Region).count): Float64Array => {
    const result = Float64Array.from(law);
    const { probability } = random[r] as Region;
    for (let i = 0; i < count; i++) addRegionInto(result, probability, steps[r] as number);
    return result;
  };

  const start = new Float64Array(cells);
  start[0] = 1;
  const weights = random.reduce<Float64Array>((law, _, r) => addRegions(law, r), start);
  const conditional = new Map<number, Float64Array>();
  lawsWithoutOne(start, 0, random.length, addRegions, (r, others) => {
    const group = random[r] as (typeof random)[number];
    conditional.set(group.g, meanPresence(group, steps[r] as number, addRegions(others, r, group.count - 1), weights));
  });

  return {
    method: 'volumes',
    groupVolumes: Float64Array.from(groups, (group) => group.volume * group.count),
    groupProbabilities: Float64Array.from(groups, (group) => group.probability),
    weights,
    truthVolumes: weights.map((_, cell) => certainVolume + cell * unit),
    overlaps: (predictions) => conditionalOverlaps(groups, conditional, predictions, cells),
    presence: (values) => conditionalPresence(groups, conditional, values),
  };
}

function addRegionInto(law: Float64Array, probability: number, step: number): void {
  for (let cell = law.length - 1; cell >= 0; cell--) {
    const without = cell >= step ? (law[cell - step] as number) : 0;
    law[cell] = (1 - probability) * (law[cell] as number) + probability * without;
  }
}

/**
 * Calls `visit` with the law of all groups except r, for each r in [low, high). Halves the range, so each costs log₂
 * additions.
 */
function lawsWithoutOne(
  law: Float64Array,
  low: number,
  high: number,
  addRegions: (law: Float64Array, r: number, count?: number) => Float64Array,
  visit: (r: number, others: Float64Array) => void,
): void {
  if (high <= low) return;
  if (high - low === 1) {
    visit(low, law);
    return;
  }
  const middle = (low + high) >> 1;
  let right = law;
  for (let r = low; r < middle; r++) right = addRegions(right, r);
  lawsWithoutOne(right, middle, high, addRegions, visit);
  let left = law;
  for (let r = middle; r < high; r++) left = addRegions(left, r);
  lawsWithoutOne(left, low, middle, addRegions, visit);
}

/** E[volume of the group in the structure | truth volume], from the law of all but one of its regions. */
function meanPresence(group: Region, step: number, others: Float64Array, weights: Float64Array): Float64Array {
  const total = group.count * group.probability * group.volume;
  return weights.map((weight, cell) =>
    weight > 0 && cell >= step ? (total * (others[cell - step] as number)) / weight : 0,
  );
}

function conditionalOverlaps(
  groups: readonly Region[],
  conditional: ReadonlyMap<number, Float64Array>,
  predictions: Float64Array,
  cells: number,
): Float64Array {
  const result = new Float64Array(cells);
  groups.forEach((group, g) => {
    const prediction = predictions[g] as number;
    const presence = conditional.get(g);
    const certain = group.probability * group.count * group.volume;
    for (let cell = 0; cell < cells; cell++) {
      const volume = presence === undefined ? certain : (presence[cell] as number);
      result[cell] = (result[cell] as number) + prediction * volume;
    }
  });
  return result;
}

function conditionalPresence(
  groups: readonly Region[],
  conditional: ReadonlyMap<number, Float64Array>,
  values: Float64Array,
): Float64Array {
  const total = values.reduce((sum, value) => sum + value, 0);
  return Float64Array.from(groups, (group, g) => {
    const presence = conditional.get(g);
    if (presence === undefined) return total * group.probability * group.count * group.volume;
    let sum = 0;
    for (let cell = 0; cell < presence.length; cell++) sum += (values[cell] as number) * (presence[cell] as number);
    return sum;
  });
}
