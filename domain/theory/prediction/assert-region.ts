import { DomainError } from '../../domain-error.js';

/** Sizes of volumes for which nothing overflows or loses digits, not even the cube of a million volumes' sum. */
const [smallest, largest] = [1e-90, 1e90];

/** Throws ARGUMENT_INVALID, naming `argument`, unless the volume is 0 or from 1e-90 to 1e90. */
export function assertVolume(volume: number, argument: string): void {
  if (volume === 0 || (volume >= smallest && volume <= largest)) return;
  throw new DomainError(
    'ARGUMENT_INVALID',
    `${argument}: expected a volume of 0 or from ${smallest} to ${largest} but found ${volume}`,
  );
}

/** Throws ARGUMENT_INVALID, naming `argument`, unless the probability is in [0, 1]. */
export function assertProbability(probability: number, argument: string): void {
  if (!(probability >= 0 && probability <= 1)) {
    throw new DomainError('ARGUMENT_INVALID', `${argument}: expected a probability in [0, 1] but found ${probability}`);
  }
}

/** Throws ARGUMENT_INVALID, naming `argument`, unless the number of regions is a whole number from 1 to 1,000,000. */
export function assertRegionCount(count: number, argument: string): void {
  if (!Number.isSafeInteger(count) || count < 1 || count > 1_000_000) {
    throw new DomainError(
      'ARGUMENT_INVALID',
      `${argument}: expected a whole number from 1 to 1000000 but found ${count}`,
    );
  }
}
