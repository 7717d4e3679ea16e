import type { RandomStream } from '../../../random/random-stream.js';
import { binomialLaw } from '../../prediction/binomial.js';
import type { Region } from '../region.js';
import { isUncertain } from '../region.js';
import type { OutcomeLaw } from './outcome-law.js';

/** Default number of draws: gives a standard error of the risk of about 0.1 %. */
const defaultDraws = 65_536;
const maxStoredDraws = 2 ** 24;

/**
 * Equally likely draws of the joint outcome, for regions that can be neither enumerated nor expressed in a common unit
 * of volume. Not exact: `riskStandardError` estimates the error of a risk computed from it. Takes fewer draws if so
 * many groups would not fit in memory (2^24 numbers).
 */
export function sampledLaw(groups: readonly Region[], random: RandomStream, draws = defaultDraws): OutcomeLaw {
  const count = Math.max(1, Math.min(draws, Math.floor(maxStoredDraws / groups.length)));
  const present = groups.map((group) => drawPresentVolumes(group, count, random));
  const overlaps = (predictions: Float64Array): Float64Array => {
    const result = new Float64Array(count);
    present.forEach((volumes, g) => {
      const prediction = predictions[g] as number;
      for (let a = 0; a < count; a++) result[a] = (result[a] as number) + prediction * (volumes[a] as number);
    });
    return result;
  };
  return {
    method: 'sampled',
    groupVolumes: Float64Array.from(groups, (group) => group.volume * group.count),
    groupProbabilities: Float64Array.from(groups, (group) => group.probability),
    weights: new Float64Array(count).fill(1 / count),
    truthVolumes: overlaps(new Float64Array(groups.length).fill(1)),
    overlaps,
    presence: (values) =>
      Float64Array.from(present, (volumes) => {
        let sum = 0;
        for (let a = 0; a < count; a++) sum += (values[a] as number) * (volumes[a] as number);
        return sum;
      }),
  };
}

function drawPresentVolumes({ volume, probability, count }: Region, draws: number, random: RandomStream): Float64Array {
  const volumes = new Float64Array(draws);
  if (!isUncertain(probability)) return volumes.fill(probability * volume * count);
  const { least, probabilities } = binomialLaw(count, probability);
  let sum = 0;
  const cumulative = probabilities.map((share) => (sum += share));
  for (let a = 0; a < draws; a++) volumes[a] = volume * (least + firstAbove(cumulative, random.uniform()));
  return volumes;
}

/** The first index whose cumulative probability exceeds u, by bisection; the last index if rounding leaves none. */
function firstAbove(cumulative: Float64Array, u: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cumulative[middle] as number) > u) high = middle;
    else low = middle + 1;
  }
  return low;
}
