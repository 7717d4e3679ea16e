import { sha256 } from '@noble/hashes/sha2';
import { utf8ToBytes } from '@noble/hashes/utils';

/** A source of random numbers that depends only on its name. */
export interface RandomStream {
  /** A number in [0, 1) with 32 random bits. */
  uniform(): number;
  /** A number in [low, high). */
  uniformBetween(low: number, high: number): number;
  /** A whole number in [0, count). */
  integerBelow(count: number): number;
  /** A draw from N(mean, deviation²), by the Box-Muller transform. */
  normal(mean?: number, deviation?: number): number;
}

/**
 * The random stream of a name such as `randomStream(seed, dataSet, fold, epoch, caseId, 'augment')`.
 *
 * The name's SHA-256 seeds Chris Doty-Humphrey's sfc32 (128 bits of state, passes PractRand). Streams with different
 * names are independent, and no stream depends on how many numbers others have drawn, so execution order, number of
 * workers and restarts do not affect results. Parts are joined unambiguously (as JSON).
 */
export function randomStream(...name: readonly (string | number)[]): RandomStream {
  const seed = new DataView(sha256(utf8ToBytes(JSON.stringify(name))).buffer);
  let a = seed.getInt32(0);
  let b = seed.getInt32(4);
  let c = seed.getInt32(8);
  let counter = seed.getInt32(12);

  function nextUnsigned32(): number {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  }
  // The first outputs still reflect the seed; the generator's author discards a dozen.
  for (let i = 0; i < 12; i++) nextUnsigned32();

  const uniform = (): number => nextUnsigned32() / 2 ** 32;
  return {
    uniform,
    uniformBetween: (low, high) => low + (high - low) * uniform(),
    integerBelow: (count) => Math.floor(uniform() * count),
    normal: (mean = 0, deviation = 1) => {
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
      return mean + deviation * radius * Math.cos(2 * Math.PI * uniform());
    },
  };
}

/** A random permutation of the items (Fisher-Yates); does not modify the argument. */
export function shuffled<T>(items: readonly T[], random: RandomStream): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = random.integerBelow(i + 1);
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}
