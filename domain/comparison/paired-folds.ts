/** A case with its fold in each of two sweeps. */
export interface FoldPair {
  readonly a: number;
  readonly b: number;
}

/**
 * Whether two sweeps divide the cases into the same folds, whatever their numbers: only then has each difference between them the
 * effect of one training of each, and those of other folds have others.
 */
export function haveSameFolds(pairs: readonly FoldPair[]): boolean {
  const [toB, toA] = [new Map<number, number>(), new Map<number, number>()];
  return pairs.every(({ a, b }) => {
    if (!toB.has(a)) toB.set(a, b);
    if (!toA.has(b)) toA.set(b, a);
    return toB.get(a) === b && toA.get(b) === a;
  });
}
