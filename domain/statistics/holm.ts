/**
 * Holm's (1979) adjusted p-values of a family of tests, in the order given: with p₍₁₎ ≤ … ≤ p₍ₘ₎, the i-th is the
 * largest of min(1, (m − j + 1) p₍ⱼ₎) over j ≤ i. Rejecting those below α keeps the probability of any false rejection
 * in the family below α, whatever the dependence between the tests.
 */
export function holmAdjusted(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).sort((a, b) => (pValues[a] as number) - (pValues[b] as number));
  const adjusted = new Array<number>(pValues.length).fill(1);
  let largest = 0;
  order.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * (pValues[index] as number)));
    adjusted[index] = largest;
  });
  return adjusted;
}
