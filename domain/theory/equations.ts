import { DomainError } from '../domain-error.js';
import { compensatedSum } from './compensated-sum.js';

type Values = ArrayLike<number>;

/**
 * Dice score of two label maps: 2|C ∩ Ĉ| / (|C| + |Ĉ|), in [0, 1]; 1 if both are empty. Maps hold 0 and 1 in the same
 * voxel order; throws IMAGE_SHAPE_MISMATCH on unlike lengths, LABEL_INVALID on another value. Eq. 1.
 */
export function diceScore({ truth, predicted }: { readonly truth: Values; readonly predicted: Values }): number {
  assertSameLength(truth, predicted);
  let overlap = 0;
  let size = 0;
  for (let i = 0; i < truth.length; i++) {
    const c = labelAt(truth, i);
    const cHat = labelAt(predicted, i);
    overlap += c * cHat;
    size += c + cHat;
  }
  return size === 0 ? 1 : (2 * overlap) / size;
}

/**
 * Volume of a label map or a probability map: v Σ, in the unit of `voxelVolume`. For a probability map this is the
 * expectation, not the volume of the thresholded map. The volume of no voxels is 0. Eq. 2, 3.
 */
export function mapVolume(map: Values, voxelVolume: number): number {
  return voxelVolume * compensatedSum(map);
}

/**
 * Cross-entropy −Σ [y log ŷ + (1 − y) log(1 − ŷ)] of two probability maps in nats: a sum over voxels, not the mean;
 * 0 · log 0 is 0 and a sure, wrong ŷ costs ∞ (nothing is clipped). Eq. 5.
 */
export function crossEntropy({ truth, predicted }: { readonly truth: Values; readonly predicted: Values }): number {
  assertSameLength(truth, predicted);
  const terms = new Float64Array(truth.length);
  for (let i = 0; i < truth.length; i++) {
    terms[i] = binaryCrossEntropy(probabilityAt(truth, i), probabilityAt(predicted, i));
  }
  return compensatedSum(terms);
}

/** CE(p̂, p) = −p log p̂ − (1 − p) log(1 − p̂) in nats, with 0 · log 0 = 0. Eq. 9. */
export function binaryCrossEntropy(probability: number, prediction: number): number {
  const inside = probability === 0 ? 0 : probability * Math.log(prediction);
  const outside = probability === 1 ? 0 : (1 - probability) * Math.log1p(-prediction);
  return 0 - inside - outside; // 0 − … rather than −… so that a certain region costs 0, not −0
}

/**
 * Soft Dice loss 1 − 2 Σŷy / (Σŷ + Σy) of two maps, in [0, 1]; 0 if both are empty. Eq. 6. With probabilities for the
 * truth this is the loss of the mean truth, not the mean of the loss: for the risk see `RatioLoss`.
 */
export function softDiceLoss({ truth, predicted }: { readonly truth: Values; readonly predicted: Values }): number {
  assertSameLength(truth, predicted);
  const overlaps = new Float64Array(truth.length);
  for (let i = 0; i < truth.length; i++) overlaps[i] = probabilityAt(truth, i) * probabilityAt(predicted, i);
  const size = compensatedSum(predicted) + compensatedSum(truth);
  return size === 0 ? 0 : 1 - (2 * compensatedSum(overlaps)) / size;
}

/**
 * Volumes of J independent regions: V(Y) = Σ s_j p_j and V(Ŷ) = Σ s_j p̂_j, in the unit of `volumes`. Eq. 7.
 */
export function regionVolumes(regions: {
  readonly volumes: Values;
  readonly probabilities: Values;
  readonly predictions: Values;
}): { truth: number; predicted: number } {
  assertSameLength(regions.volumes, regions.probabilities);
  assertSameLength(regions.volumes, regions.predictions);
  const weighted = (values: Values): Float64Array =>
    Float64Array.from({ length: values.length }, (_, j) => (regions.volumes[j] as number) * probabilityAt(values, j));
  return {
    truth: compensatedSum(weighted(regions.probabilities)),
    predicted: compensatedSum(weighted(regions.predictions)),
  };
}

function assertSameLength(truth: Values, predicted: Values): void {
  if (truth.length === predicted.length) return;
  throw new DomainError(
    'IMAGE_SHAPE_MISMATCH',
    `truth has ${truth.length} values but prediction has ${predicted.length}`,
  );
}

function labelAt(map: Values, index: number): number {
  const value = map[index];
  if (value === 0 || value === 1) return value;
  throw new DomainError('LABEL_INVALID', `a label is 0 or 1 but value ${index} is ${value}`, { index });
}

function probabilityAt(map: Values, index: number): number {
  const value = map[index];
  if (value !== undefined && value >= 0 && value <= 1) return value;
  throw new DomainError('ARGUMENT_INVALID', `a probability lies in [0, 1] but value ${index} is ${value}`, { index });
}
