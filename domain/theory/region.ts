import { DomainError } from '../domain-error.js';

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

export function assertVolume(volume: number, argument: string): void {
  if (!(volume >= 0 && volume < Infinity)) {
    throw new DomainError('ARGUMENT_INVALID', `${argument}: a volume is finite and not negative but is ${volume}`);
  }
}

export function assertProbability(probability: number, argument: string): void {
  if (!(probability >= 0 && probability <= 1)) {
    throw new DomainError('ARGUMENT_INVALID', `${argument}: a probability lies in [0, 1] but is ${probability}`);
  }
}

export function assertRegionCount(count: number, argument: string): void {
  if (!Number.isSafeInteger(count) || count < 1 || count > 1_000_000) {
    throw new DomainError(
      'ARGUMENT_INVALID',
      `${argument}: a number of regions is whole, from 1 to 1000000, but is ${count}`,
    );
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
