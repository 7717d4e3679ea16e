export const roles = ['computing', 'worker', 'command line'] as const;
export type Role = (typeof roles)[number];

/** A call of the product that changes something in its data folder. */
export interface Call {
  /** Which process makes it; any if undefined. */
  readonly role?: Role;
  readonly operation?: 'open' | 'write' | 'truncate' | 'sync' | 'rename' | 'rm' | 'mkdir';
  /** A regular expression of the path below the data folder. */
  readonly path?: string;
  /** Which of these calls in a process, from 1. */
  readonly nth: number;
}

/**
 * hold: the process waits at the call until the test has done something. ENOSPC, EIO: the call fails so, once. power:
 * nothing that was not flushed survives, and all processes are killed. reordered: each change that was not flushed
 * survives or not, by the seed.
 */
export type SeamAction = 'hold' | 'ENOSPC' | 'EIO' | 'power' | 'reordered';

/** What the seam does in the processes of a run; JSON in the variable VOLBIAS_TEST_FAULT. */
export interface SeamOrder {
  /** The data folder. */
  readonly root: string;
  /** A folder on the same disk for the seam's own files, among them `calls`, the list of all calls. */
  readonly scratch: string;
  readonly at?: Call;
  readonly action?: SeamAction;
  readonly seed?: number;
  /** By how much the clock is wrong. */
  readonly clockDays?: number;
  readonly reverseFolders?: true;
}
