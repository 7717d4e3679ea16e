import type { SweepOutcome } from '../../contracts/sweep.js';

/** Exit codes of all verbs. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, mismatch: 3, partial: 4, interrupted: 130 } as const;

export function exitCodeOf(outcome: SweepOutcome): number {
  return { complete: exitCodes.ok, partial: exitCodes.partial, failed: exitCodes.failed }[outcome];
}
