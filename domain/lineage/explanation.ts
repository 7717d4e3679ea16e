import type { DataChanges } from './data-changes.js';
import type { Difference } from './differences.js';
import type { DoneWork } from './planned-work.js';

/**
 * `cached`: the store has the result. `resumable`: a checkpoint has. `lost`: the result was recorded, but the store does
 * not have it any more. `waiting`: an input was lost, and may be made again as it was. `changed`: a unit of this name has
 * been computed from something else. `new`: none has.
 */
export type Verdict = 'cached' | 'resumable' | 'lost' | 'waiting' | 'changed' | 'new';

/** A unit in which something differs from what was computed before. */
export interface Cause {
  readonly unit: string;
  readonly differences: readonly Difference[];
  /** Of a scan that has found other data. */
  readonly data?: DataChanges;
}

/** Why a unit is cached, or why a run would compute it. */
export interface Explanation {
  readonly unit: string;
  readonly key: string | null;
  readonly verdict: Verdict;
  /** The epoch in which a resumable training goes on. */
  readonly epoch?: number;
  /** The recorded work that it was compared with: the nearest one of the same unit; null if there is none. */
  readonly against: (Pick<DoneWork, 'key' | 'digest' | 'at'> & { readonly sweep: string | null }) | null;
  /** The parts of its own key that differ, inputs included. */
  readonly differences: readonly Difference[];
  /** Where the differences come from: this unit or those that it needs, first ones first. */
  readonly causes: readonly Cause[];
  /** The parts of its key that are the same. */
  readonly unchanged: readonly string[];
}
