import { randomStream } from '../../../random/random-stream.js';
import type { Region } from '../region.js';
import { exactLaw, exactOutcomeCount, maxExactOutcomes } from './exact-law.js';
import type { OutcomeLaw } from './outcome-law.js';
import { sampledLaw } from './sampled-law.js';
import { volumeLaw } from './volume-law.js';

export interface RegionLawOptions {
  /** Set for losses that are nonlinear in the overlap given the truth volume; default false. */
  readonly needsOverlaps?: boolean;
  /** Of the draws, where sampling is the only way left; default 0. */
  readonly seed?: number;
}

/** Outcomes above which a shorter, equally exact law of the truth volume is looked for: it saves seconds. */
const manyOutcomes = 2 ** 14;

/**
 * The best law there is of these groups: every outcome where there are at most 2^20, or the exact law of the truth
 * volume where volumes have a common unit (and the loss allows it) and that is shorter, else seeded draws.
 */
export function regionLaw(groups: readonly Region[], options: RegionLawOptions = {}): OutcomeLaw {
  const outcomes = exactOutcomeCount(groups);
  if (outcomes <= manyOutcomes) return exactLaw(groups);
  const law = options.needsOverlaps === true ? undefined : volumeLaw(groups);
  if (law !== undefined && law.weights.length < outcomes) return law;
  if (outcomes <= maxExactOutcomes) return exactLaw(groups);
  return sampledLaw(groups, randomStream(options.seed ?? 0, 'theory', 'outcomes'));
}

/** Regions of equal volume and probability put together, in the order of their first appearance. */
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
