import { DomainError } from '../../domain-error.js';

/** Throws ARGUMENT_INVALID, naming `argument`, unless the volume is finite and ≥ 0. */
export function assertVolume(volume: number, argument: string): void {
  if (!(volume >= 0 && volume < Infinity)) {
    throw new DomainError('ARGUMENT_INVALID', `${argument}: a volume is finite and not negative but is ${volume}`);
  }
}

/** Throws ARGUMENT_INVALID, naming `argument`, unless the probability lies in [0, 1]. */
export function assertProbability(probability: number, argument: string): void {
  if (!(probability >= 0 && probability <= 1)) {
    throw new DomainError('ARGUMENT_INVALID', `${argument}: a probability lies in [0, 1] but is ${probability}`);
  }
}

/** Throws ARGUMENT_INVALID, naming `argument`, unless the number of regions is whole, from 1 to 1,000,000. */
export function assertRegionCount(count: number, argument: string): void {
  if (!Number.isSafeInteger(count) || count < 1 || count > 1_000_000) {
    throw new DomainError(
      'ARGUMENT_INVALID',
      `${argument}: a number of regions is whole, from 1 to 1000000, but is ${count}`,
    );
  }
}
