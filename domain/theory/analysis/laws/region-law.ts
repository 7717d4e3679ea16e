import { randomStream } from '../../../random/random-stream.js';
import type { Region } from '../region.js';
import { exactLaw, exactOutcomeCount, maxExactOutcomes } from './exact-law.js';
import type { OutcomeLaw } from './outcome-law.js';
import { sampledLaw } from './sampled-law.js';
import { volumeLaw } from './volume-law.js';

export interface RegionLawOptions {
  /** True for losses that are nonlinear in the overlap given the truth volume; default false. */
  readonly needsOverlaps?: boolean;
  /** Seed of the draws if sampling is the only option; default 0. */
  readonly seed?: number;
}

/** Above this number of outcomes, a shorter, equally exact law of the truth volume saves seconds. */
const manyOutcomes = 2 ** 14;

/**
 * The best law available for these groups: every outcome if there are at most 2^20; the exact law of the truth volume
 * if the volumes have a common unit, the loss allows it, and it is shorter; otherwise seeded draws.
 */
export function regionLaw(groups: readonly Region[], options: RegionLawOptions = {}): OutcomeLaw {
  const outcomes = exactOutcomeCount(groups);
  if (outcomes <= manyOutcomes) return exactLaw(groups);
  const law = options.needsOverlaps === true ? undefined : volumeLaw(groups);
  if (law !== undefined && law.weights.length < outcomes) return law;
  if (outcomes <= maxExactOutcomes) return exactLaw(groups);
  return sampledLaw(groups, randomStream(options.seed ?? 0, 'theory', 'outcomes'));
}

/** Groups regions of equal volume and probability, in the order of their first appearance. */
export function alikeTogether(regions: readonly Region[]): { groups: Region[]; groupOf: number[] } {
  const indices = new Map<string, number>();
  const groups: Region[] = [];
  const groupOf = regions.map((region) => {
    const key = `${region.volume}:${region.probability}`;
    const known = indices.get(key);
    if (known === undefined) {
      indices.set(key, groups.length);
      return groups.push(region) - 1;
    }
    const group = groups[known] as Region;
    groups[known] = { ...group, count: group.count + region.count };
    return known;
  });
  return { groups, groupOf };
}
