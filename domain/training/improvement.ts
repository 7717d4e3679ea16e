/** The smallest decrease of a loss that counts as an improvement: absolute, or relative to the loss to improve on. */
export type MinDelta = number | { readonly relative: number };

/**
 * Whether a loss falls below the reference by more than `minDelta`; without a reference every loss does. The reference
 * is the last loss that did. Losses are ≥ 0, so with a relative minDelta nothing improves on 0, and the result is the
 * same for a loss multiplied by any factor.
 */
export function improves(loss: number, reference: number | undefined, minDelta: MinDelta): boolean {
  if (reference === undefined) return true;
  const least = typeof minDelta === 'number' ? minDelta : minDelta.relative * reference;
  return loss < reference - least;
}

/**
 * By which share of the best validation loss before it the last epoch improved on that: 0 if it did not, and if that loss was 0 or
 * no number; null with one epoch.
 */
export function lastImprovement(history: readonly { readonly validationLoss: number }[]): number | null {
  const losses = history.map(({ validationLoss }) => validationLoss);
  const last = losses.at(-1);
  if (last === undefined || losses.length === 1) return null;
  const before = Math.min(...losses.slice(0, -1));
  const share = (before - last) / before;
  return share > 0 ? share : 0;
}
