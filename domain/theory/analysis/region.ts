import { DomainError } from '../../domain-error.js';
import { assertProbability, assertRegionCount, assertVolume } from '../prediction/assert-region.js';

/**
 * `count` alike and independent regions of an image; each lies wholly in the structure with `probability`, else wholly
 * outside. `volume` is that of one of them, in any one unit; p = 1 is the certain core, p = 0 certain background.
 */
export interface Region {
  readonly volume: number;
  readonly probability: number;
  readonly count: number;
}

/** Throws ARGUMENT_INVALID, naming `argument`, unless volume is finite and ≥ 0, p in [0, 1] and count whole and ≥ 1. */
export function assertRegions(regions: readonly Region[], argument = 'regions'): void {
  if (regions.length === 0) throw new DomainError('ARGUMENT_INVALID', `${argument}: at least one region is needed`);
  for (const { volume, probability, count } of regions) {
    assertVolume(volume, argument);
    assertProbability(probability, argument);
    assertRegionCount(count, argument);
  }
  if (!regions.some((region) => region.volume > 0)) {
    throw new DomainError('ARGUMENT_INVALID', `${argument}: at least one region must have a volume above 0`);
  }
}

/** True of a region that neither surely belongs to the structure nor surely does not. */
export function isUncertain(probability: number): boolean {
  return probability > 0 && probability < 1;
}

/**
 * The regions as seen by soft Dice over a batch of `images` independent images with these same regions and the same
 * prediction: sums before the ratio make B images of N regions one image of B · N regions, each a B-th as large.
 */
export function batchedRegions(regions: readonly Region[], images: number): Region[] {
  assertRegionCount(images, 'batch');
  return regions.map(({ volume, probability, count }) => ({
    volume: volume / images,
    probability,
    count: count * images,
  }));
}

/** Core γ of 1 and background α of 100, in the paper's unit. Fig. 1. */
const certainRegions: readonly Region[] = [
  { volume: 1, probability: 1, count: 1 },
  { volume: 100, probability: 0, count: 1 },
];

/** The paper's setting: β of μ in N alike parts of probability p, γ and α. Fig. 1. */
export function paperRegions(volumeRatio: number, regions: number, probability: number): Region[] {
  return [{ volume: volumeRatio / regions, probability, count: regions }, ...certainRegions];
}

/** The paper's setting with each of the N regions on its own, so that each may get its own p̂. */
export function separateRegions(volumeRatio: number, n: number, probabilityOf: (region: number) => number): Region[] {
  const parts = Array.from({ length: n }, (_, j) => ({
    volume: volumeRatio / n,
    probability: probabilityOf(j),
    count: 1,
  }));
  return [...parts, ...certainRegions];
}
