import { crossEntropyReference } from './ce.js';
import type { LossImage, LossValue } from './loss-image.js';
import { softDiceReference } from './sd.js';

/**
 * The losses as their sources write them, in double precision: the definitions that the tensor forms are held to, with no
 * line in common. Each is a value only; `withGradient` differentiates it.
 */
export type LossFormula = (images: readonly LossImage[]) => number;

const epsilon = 1e-7;

/** The counted voxels of an image: logit, prediction, truth. */
interface Voxel {
  readonly z: number;
  readonly p: number;
  readonly y: number;
}

function countedVoxels({ logits, truth, mask }: LossImage): Voxel[] {
  return Array.from(logits, (z, i) => ({ z, p: 1 / (1 + Math.exp(-z)), y: truth[i] as number })).filter(
    (_, i) => mask?.[i] !== 0,
  );
}

const sum = (voxels: readonly Voxel[], of: (voxel: Voxel) => number): number =>
  voxels.reduce((total, voxel) => total + of(voxel), 0);

/** The mean over the images of a loss of each one's counted voxels. */
const byImage =
  (loss: (voxels: readonly Voxel[]) => number): LossFormula =>
  (images) =>
    images.reduce((total, image) => total + loss(countedVoxels(image)), 0) / images.length;

/** Σ(ŷ − y)² / (Σŷ² + Σy²) */
export const squaredSoftDiceFormula = byImage((voxels) => {
  const squares = sum(voxels, ({ p, y }) => p * p + y * y);
  return sum(voxels, ({ p, y }) => (p - y) ** 2) / (squares + epsilon);
});

/** (α FP + β FN) / (TP + α FP + β FN) */
export function tverskyFormula(alpha: number, beta: number): LossFormula {
  return byImage((voxels) => {
    const wrong = alpha * sum(voxels, ({ p, y }) => p * (1 - y)) + beta * sum(voxels, ({ p, y }) => (1 - p) * y);
    return wrong / (sum(voxels, ({ p, y }) => p * y) + wrong + epsilon);
  });
}

/** 1 − 2 Σ_l w_l Σ r p / Σ_l w_l Σ (r + p) with w_l = 1 / (Σ r)², scaled to a sum of 1. */
export const generalisedDiceFormula = byImage((voxels) => {
  const classes = [voxels.map(({ p, y }) => ({ r: y, p })), voxels.map(({ p, y }) => ({ r: 1 - y, p: 1 - p }))].map(
    (one) => ({
      weight:
        1 /
        Math.max(
          1,
          one.reduce((total, { r }) => total + r, 0),
        ) **
          2,
      both: one.reduce((total, { r, p }) => total + r * p, 0),
      size: one.reduce((total, { r, p }) => total + r + p, 0),
    }),
  );
  const weights = classes.reduce((total, { weight }) => total + weight, 0);
  const mean = (of: 'both' | 'size'): number =>
    classes.reduce((total, one) => total + (one.weight / weights) * one[of], 0);
  return 1 - (2 * mean('both') + epsilon) / (mean('size') + epsilon);
});

/** 1 − (|x| + |y| − |x − y|) / (|x| + |y|), with ε in both. */
export const diceSemimetricFormula = byImage((voxels) => {
  const size = sum(voxels, ({ p, y }) => p + y);
  return 1 - (size - sum(voxels, ({ p, y }) => Math.abs(p - y)) + epsilon) / (size + epsilon);
});

/** −[y (1 − ŷ)^γ ln ŷ + (1 − y) ŷ^γ ln(1 − ŷ)], summed over the counted voxels and divided by the number of all. */
export function focalFormula(gamma: number): LossFormula {
  const surprise = (z: number): number => Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
  return (images) => {
    const count = images.reduce((total, { logits }) => total + logits.length, 0);
    const losses = images.map((image) =>
      sum(
        countedVoxels(image),
        ({ z, y }) =>
          (y * surprise(z)) / (1 + Math.exp(z)) ** gamma + ((1 - y) * surprise(-z)) / (1 + Math.exp(-z)) ** gamma,
      ),
    );
    return losses.reduce((total, one) => total + one, 0) / count;
  };
}

/** (1 − w) CE + w SD */
export function crossEntropySoftDiceFormula(weight: number): LossFormula {
  return (images) =>
    (1 - weight) * crossEntropyReference(images).value +
    weight * softDiceReference(images, { epsilon, reduction: 'image' }).value;
}

/**
 * The integral over t ≥ 0 of the Jaccard loss |M| / |truth ∪ M| of M = the voxels with an error above t, where a voxel's
 * error is 1 − z inside the structure and 1 + z outside.
 */
export const lovaszHingeFormula = byImage((voxels) => {
  const errors = voxels.map(({ z, y }) => ({ y, error: y === 1 ? 1 - z : 1 + z }));
  const levels = [0, ...errors.map(({ error }) => error).filter((error) => error > 0)].sort((a, b) => a - b);
  const truth = sum(voxels, ({ y }) => y);
  return levels.slice(1).reduce((total, level, k) => {
    const wrong = errors.filter(({ error }) => error >= level);
    const union = truth + wrong.filter(({ y }) => y === 0).length;
    return total + (level - (levels[k] as number)) * (wrong.length / union);
  }, 0);
});

/** A formula with its gradient in the logits, by central differences. */
export function withGradient(formula: LossFormula): (images: readonly LossImage[]) => LossValue {
  const step = 1e-5;
  return (images) => ({
    value: formula(images),
    gradients: images.map(({ logits }, index) =>
      Float64Array.from(logits, (_, voxel) => {
        const shifted = (by: number): LossImage[] =>
          images.map((image, other) =>
            other === index
              ? { ...image, logits: Array.from(image.logits, (z, i) => (i === voxel ? z + by : z)) }
              : image,
          );
        return (formula(shifted(step)) - formula(shifted(-step))) / (2 * step);
      }),
    ),
  });
}
