import { DomainError } from '../../domain-error.js';

/** One image: arrays of equal length, one number per voxel. */
interface HingeImage {
  readonly logits: Float32Array;
  /** 0 or 1 where a voxel counts. */
  readonly truth: Float32Array;
  /** 0 where a voxel does not count; absent: all count. */
  readonly mask?: Float32Array;
}

/**
 * Lovász hinge of one image, and its gradient in the logits, which is written `Into` the argument (length of the logits;
 * 0 where a voxel does not count).
 *
 * A voxel's error is max(0, 1 − z s) with its logit z and s = 1 inside the structure, −1 outside. The loss is the Lovász
 * extension of the Jaccard loss |M| / |truth ∪ M| of a set M of wrong voxels: errors in decreasing order, each times the
 * rise of the Jaccard loss when its voxel joins M. Range [0, ∞); 0 without a counted voxel. Of equal errors, the voxel
 * with the lower index comes first, so the gradient is the same on every machine. Source: Berman et al. 2018.
 *
 * Throws CONFIG_INVALID for a truth that is neither 0 nor 1.
 */
export function lovaszHingeInto({ logits, truth, mask }: HingeImage, gradient: Float32Array): number {
  const errors = new Float32Array(logits.length);
  const wrong: number[] = [];
  let volume = 0;
  for (let i = 0; i < logits.length; i++) {
    gradient[i] = 0;
    if (mask !== undefined && mask[i] === 0) continue;
    const y = truth[i] as number; // in range
    if (y !== 0 && y !== 1) refuseSoft(y);
    volume += y;
    const error = y === 1 ? 1 - (logits[i] as number) : 1 + (logits[i] as number);
    errors[i] = error;
    // Not `error > 0`: a logit that is not a number must make the loss not a number either.
    if (!(error <= 0)) wrong.push(i);
  }
  const order = Uint32Array.from(wrong).sort((a, b) => (errors[b] as number) - (errors[a] as number) || a - b);
  let value = 0;
  let jaccard = 0;
  let [falsePositives, falseNegatives] = [0, 0];
  for (const i of order) {
    const isInside = truth[i] === 1;
    if (isInside) falseNegatives += 1;
    else falsePositives += 1;
    const next = (falsePositives + falseNegatives) / (volume + falsePositives);
    value += (errors[i] as number) * (next - jaccard);
    gradient[i] = (isInside ? -1 : 1) * (next - jaccard);
    jaccard = next;
  }
  return value;
}

function refuseSoft(target: number): never {
  throw new DomainError(
    'CONFIG_INVALID',
    `the loss lovaszHinge needs targets of 0 and 1 but found ${target}; set label.resampling to volumePreserving or ` +
      'linear, or train with another loss',
  );
}
