import { DomainError } from '../domain-error.js';

export interface LeakageCase {
  readonly id: string;
  readonly participant: string;
  /** Digest of the case's images, equal for two cases with identical images under different names. */
  readonly imageDigest: string;
}

/**
 * Rejects folds that leak test cases into training: throws SPLIT_INVALID, listing every problem, if a participant or
 * the same images are in two folds.
 */
export function assertNoLeakage(folds: readonly (readonly string[])[], cases: readonly LeakageCase[]): void {
  const foldOf = new Map(folds.flatMap((fold, index) => fold.map((id) => [id, index] as const)));
  const placed = cases.filter(({ id }) => foldOf.has(id));
  const faults = [
    ...conflicts(placed, foldOf, ({ participant }) => participant).map(
      ([a, b]) => `participant ${a.participant} is in two folds (cases ${a.id} and ${b.id})`,
    ),
    ...conflicts(placed, foldOf, ({ imageDigest }) => imageDigest).map(
      ([a, b]) => `cases ${a.id} and ${b.id} have identical images but are in two folds`,
    ),
  ];
  if (faults.length > 0) throw new DomainError('SPLIT_INVALID', `the folds leak: ${faults.join('; ')}`, { faults });
}

/** For each key in more than one fold: its first case, paired with each case in another fold. */
function conflicts(
  cases: readonly LeakageCase[],
  foldOf: ReadonlyMap<string, number>,
  key: (one: LeakageCase) => string,
): (readonly [LeakageCase, LeakageCase])[] {
  const first = new Map<string, LeakageCase>();
  const found: (readonly [LeakageCase, LeakageCase])[] = [];
  for (const one of cases) {
    const other = first.get(key(one));
    if (other === undefined) first.set(key(one), one);
    else if (foldOf.get(other.id) !== foldOf.get(one.id)) found.push([other, one]);
  }
  return found;
}
