import { DomainError } from '../../domain-error.js';
import { assertProbability, assertRegionCount, assertVolume } from '../prediction/assert-region.js';

/**
 * `count` alike, independent regions of an image. Each lies entirely inside the structure with `probability`, otherwise
 * entirely outside. `volume` is that of a single region, in any unit; p = 1 is the certain core, p = 0 certain
 * background.
 */
export interface Region {
  readonly volume: number;
  readonly probability: number;
  readonly count: number;
}

/**
 * Throws ARGUMENT_INVALID, naming `argument`, unless the volume is finite and ≥ 0, p is in [0, 1], and the count is
 * whole and ≥ 1.
 */
export function assertRegions(regions: readonly Region[], argument = 'regions'): void {
  if (regions.length === 0) throw new DomainError('ARGUMENT_INVALID', `${argument}: expected at least one region`);
  for (const { volume, probability, count } of regions) {
    assertVolume(volume, argument);
    assertProbability(probability, argument);
    assertRegionCount(count, argument);
  }
  if (!regions.some((region) => region.volume > 0)) {
    throw new DomainError('ARGUMENT_INVALID', `${argument}: expected at least one region with a volume above 0`);
  }
}

/** True for a probability strictly between 0 and 1. */
export function isUncertain(probability: number): boolean {
  return probability > 0 && probability < 1;
}

/**
 * The regions as seen by soft Dice over a batch of `images` independent images with these regions and the same
 * prediction. Summing before the ratio turns B images of N regions into one image of B · N regions, each 1/B as large.
 */
export function batchedRegions(regions: readonly Region[], images: number): Region[] {
  assertRegionCount(images, 'batch');
  return regions.map(({ volume, probability, count }) => ({
    volume: volume / images,
    probability,
    count: count * images,
  }));
}

/** Core γ with volume 1 and background α with volume 100, in the paper's unit. Fig. 1. */
const certainRegions: readonly Region[] = [
  { volume: 1, probability: 1, count: 1 },
  { volume: 100, probability: 0, count: 1 },
];

/** The paper's setting: β with volume μ in N alike parts with probability p, plus γ and α. Fig. 1. */
export function paperRegions(volumeRatio: number, regions: number, probability: number): Region[] {
  return [{ volume: volumeRatio / regions, probability, count: regions }, ...certainRegions];
}

/** The paper's setting with N separate regions, each of which may have its own p̂. */
export function separateRegions(volumeRatio: number, n: number, probabilityOf: (region: number) => number): Region[] {
  const parts = Array.from({ length: n }, (_, j) => ({
    volume: volumeRatio / n,
    probability: probabilityOf(j),
    count: 1,
  }));
  return [...parts, ...certainRegions];
}
