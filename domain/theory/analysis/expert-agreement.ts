import { DomainError } from '../../domain-error.js';
import { weightedSum } from '../prediction/weighted-sum.js';
import type { OutcomeLaw } from './laws/outcome-law.js';
import { binaryCrossEntropy } from './losses/cross-entropy.js';

/** Agreement of several experts on one image. */
export interface ExpertAgreement {
  readonly experts: number;
  /** Volume of each expert's mask. */
  readonly volumes: readonly number[];
  readonly meanVolume: number;
  /** Mean Dice score over all pairs of experts; two empty masks agree perfectly. Eq. 1. */
  readonly expectedPairwiseDice: number;
  /** Volume on which the experts disagree. */
  readonly uncertainVolume: number;
  /** Volume of the union of the masks. */
  readonly unionVolume: number;
  /** Mean entropy, over the union, of the voxel's probability, in bits, in [0, 1]; 0 for an empty union. */
  readonly meanEntropyBits: number;
}

/**
 * The experts' agreement under the law of their masks, from `expertLaw`. Throws ARGUMENT_INVALID for fewer than two.
 */
export function expertAgreement(law: OutcomeLaw): ExpertAgreement {
  const { groupVolumes, groupProbabilities } = law;
  const volumes = [...law.truthVolumes];
  if (volumes.length < 2) {
    throw new DomainError('ARGUMENT_INVALID', `expected at least two experts but found ${volumes.length}`);
  }
  const total = (valueOf: (p: number) => number): number => weightedSum(groupVolumes, groupProbabilities.map(valueOf));
  const unionVolume = total((p) => (p > 0 ? 1 : 0));
  return {
    experts: volumes.length,
    volumes,
    meanVolume: mean(volumes),
    expectedPairwiseDice: mean(pairwiseDice(law)),
    uncertainVolume: total((p) => (p > 0 && p < 1 ? 1 : 0)),
    unionVolume,
    meanEntropyBits: unionVolume === 0 ? 0 : total((p) => binaryCrossEntropy(p, p)) / Math.LN2 / unionVolume,
  };
}

/** Eq. 1 for each pair of experts. */
function pairwiseDice(law: OutcomeLaw): number[] {
  const { groupVolumes, truthVolumes } = law;
  return Array.from(truthVolumes).flatMap((volume, expert) => {
    const mask = law.presence(truthVolumes.map((_, other) => (other === expert ? 1 : 0)));
    const overlaps = law.overlaps(mask.map((present, g) => present / (groupVolumes[g] as number)));
    return Array.from(overlaps.subarray(0, expert), (overlap, other) => {
      const size = volume + (truthVolumes[other] as number);
      return size === 0 ? 1 : (2 * overlap) / size;
    });
  });
}

function mean(values: readonly number[]): number {
  return weightedSum(values) / values.length;
}
