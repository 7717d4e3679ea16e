import { DomainError } from '../../../domain-error.js';
import type { OutcomeLaw } from './outcome-law.js';

/** The empirical law over experts, and the group of each voxel. */
export interface ExpertLaw {
  readonly law: OutcomeLaw;
  readonly groupOfVoxel: Uint32Array;
}

/**
 * The empirical law over the masks (0 or 1) of E ≥ 1 experts for one image, all of equal length. Each mask is one
 * outcome with probability 1/E. Voxels with the same votes form one group, so the law keeps the dependence between
 * regions. Exact for this law, however few the experts. Throws IMAGE_SHAPE_MISMATCH for masks of different lengths.
 */
export function expertLaw(masks: readonly Uint8Array[], voxelVolume: number): ExpertLaw {
  const experts = masks.length;
  const voxels = masks[0]?.length ?? 0;
  for (const mask of masks) {
    if (mask.length !== voxels) {
      throw new DomainError('IMAGE_SHAPE_MISMATCH', `the masks differ in size: ${voxels} and ${mask.length} voxels`);
    }
  }
  const { groupOfVoxel, patterns, counts } = groupByPattern(masks, voxels);
  const groupVolumes = Float64Array.from(counts, (count) => count * voxelVolume);
  const share = 1 / experts;
  const overlaps = (predictions: Float64Array): Float64Array => {
    const result = new Float64Array(experts);
    patterns.forEach((pattern, g) => {
      const volume = (groupVolumes[g] as number) * (predictions[g] as number);
      for (let e = 0; e < experts; e++) if (pattern[e] === 1) result[e] = (result[e] as number) + volume;
    });
    return result;
  };
  const law: OutcomeLaw = {
    method: 'experts',
    groupVolumes,
    groupProbabilities: Float64Array.from(patterns, (pattern) => {
      const votes = pattern.reduce((sum, vote) => sum + vote, 0);
      return votes === experts ? 1 : votes * share;
    }),
    weights: new Float64Array(experts).fill(share),
    truthVolumes: overlaps(new Float64Array(patterns.length).fill(1)),
    overlaps,
    presence: (values) =>
      Float64Array.from(patterns, (pattern, g) => {
        let sum = 0;
        for (let e = 0; e < experts; e++) if (pattern[e] === 1) sum += values[e] as number;
        return sum * (groupVolumes[g] as number);
      }),
  };
  return { law, groupOfVoxel };
}

interface Patterns {
  readonly groupOfVoxel: Uint32Array;
  /** Vote of each expert, per group. */
  readonly patterns: readonly Uint8Array[];
  /** Voxels per group. */
  readonly counts: readonly number[];
}

/**
 * Starts with one group of all voxels and splits it by one expert after another, so the number of experts is unlimited.
 */
function groupByPattern(masks: readonly Uint8Array[], voxels: number): Patterns {
  let groups = 1;
  const groupOfVoxel = new Uint32Array(voxels);
  for (const mask of masks) {
    const renamed = new Int32Array(2 * groups).fill(-1);
    let next = 0;
    for (let i = 0; i < voxels; i++) {
      const cell = 2 * (groupOfVoxel[i] as number) + (mask[i] as number);
      if (renamed[cell] === -1) renamed[cell] = next++;
      groupOfVoxel[i] = renamed[cell] as number;
    }
    groups = next;
  }
  const patterns: Uint8Array[] = Array.from({ length: groups }, () => new Uint8Array(masks.length));
  const counts = new Array<number>(groups).fill(0);
  for (let i = 0; i < voxels; i++) {
    const g = groupOfVoxel[i] as number;
    if (counts[g] === 0) masks.forEach((mask, e) => ((patterns[g] as Uint8Array)[e] = mask[i] as number));
    counts[g] = (counts[g] as number) + 1;
  }
  return { groupOfVoxel, patterns, counts };
}
