import { assertProbability } from './assert-region.js';
import { binomialLaw } from './binomial.js';
import { softDiceOptimum } from './soft-dice-risks.js';

/** A part of the structure on the grid that is measured, in voxels, or in shares of voxels that it covers in part. */
export interface MeasuredPart {
  readonly voxels: number;
  /** Those of them that a network can predict; elsewhere its prediction is 0. */
  readonly reachableVoxels: number;
}

/** The structure of one case as a perfect learner knows it: which regions may belong to it, not which do. */
export interface KnownStructure {
  readonly core: MeasuredPart;
  /** Each belongs to the structure entirely or not at all, independently of the others. */
  readonly regions: readonly MeasuredPart[];
  readonly probability: number;
  /** Volume of a voxel of the grid, in any unit. */
  readonly voxelVolume: number;
}

/** Volumes of one case, in the unit of the voxel's volume. */
export interface LearnerVolumes {
  /** The p̂ shared by all uncertain regions, which a network cannot distinguish. */
  readonly optimalPrediction: number;
  /** V(Ŷ) of the perfect learner. */
  readonly predictedVolume: number;
  /** V(Y) in expectation over the labels that the case might have been given. Eq. 7. */
  readonly expectedVolume: number;
}

/**
 * What a network predicts that minimises the risk of a loss, the mean over all labels that a case might have been given:
 * p for cross-entropy (Eq. 9); for soft Dice (Eq. 12), 0 or 1, whichever costs less over the law of the labels' volume.
 * Exact for regions of whole voxels, whatever their sizes; regions that cover voxels in part count as the nearest number
 * of whole ones where the risks are compared. Throws ARGUMENT_INVALID unless the probability is in [0, 1].
 *
 * Predicted minus expected volume is the bias: 0 for cross-entropy, except for voxels beyond reach. Predicted minus
 * realised volume also has the sampling error of the labels that were drawn.
 */
export function perfectLearner(
  loss: 'ce' | 'sd',
  { core, regions, probability, voxelVolume }: KnownStructure,
): LearnerVolumes {
  assertProbability(probability, 'probability');
  const optimalPrediction =
    loss === 'sd' ? softDicePrediction(core.reachableVoxels, reachable(regions), probability) : probability;
  const predicted = core.reachableVoxels + optimalPrediction * total(reachable(regions));
  const expected = core.voxels + probability * total(regions.map(({ voxels }) => voxels));
  return { optimalPrediction, predictedVolume: predicted * voxelVolume, expectedVolume: expected * voxelVolume };
}

function softDicePrediction(coreVoxels: number, regionVoxels: readonly number[], probability: number): number {
  const whole = regionVoxels.map(Math.round);
  const law = lawOfSum(whole, probability);
  return softDiceOptimum({
    coreVolume: coreVoxels,
    uncertainVolume: total(whole),
    presentVolumes: [...law.keys()],
    weights: [...law.values()],
  }).optimalPrediction;
}

/** The probability of each sum of voxels of the regions that belong to the structure. */
function lawOfSum(regionVoxels: readonly number[], probability: number): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const voxels of regionVoxels) counts.set(voxels, (counts.get(voxels) ?? 0) + 1);
  let law = new Map([[0, 1]]);
  for (const [voxels, count] of counts) {
    const { least, probabilities } = binomialLaw(count, probability);
    const next = new Map<number, number>();
    for (const [sum, weight] of law) {
      probabilities.forEach((share, i) => {
        const present = sum + (least + i) * voxels;
        next.set(present, (next.get(present) ?? 0) + weight * share);
      });
    }
    law = next;
  }
  return law;
}

const reachable = (parts: readonly MeasuredPart[]): number[] => parts.map(({ reachableVoxels }) => reachableVoxels);
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
